"""Events as those read them who may: the rows of the ledger whose subjects a principal may read."""
