"""资金发放 (payments): funds kept by double entry, awards, batches, and what the bank answered."""
