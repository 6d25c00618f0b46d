"""资助资格 (entitlements): what a county confirms of the clauses where no document says it."""
