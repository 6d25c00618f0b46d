"""个案台账 (cases): the engine on which every ledger runs; the ledgers themselves are packs."""
