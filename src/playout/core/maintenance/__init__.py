"""Work that runs by the clock: garbage collection, expiry, adding up counts."""
