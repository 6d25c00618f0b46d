"""缺口: what the cases of the gap ledger add up to, in units and in money. It holds no data and writes nothing of its own."""
