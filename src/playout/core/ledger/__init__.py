"""The ledger: one append-only table of what was done, by whom, through what."""
