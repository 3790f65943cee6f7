"""How fast Playout is, beside the least that would do the same: `make bench`."""
