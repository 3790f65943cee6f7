"""Events: the rows of the ledger whose subjects a principal may read."""
