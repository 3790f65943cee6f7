"""Work that runs by the clock: garbage collection, expiry, roll-ups."""
