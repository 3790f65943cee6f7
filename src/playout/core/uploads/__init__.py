"""Uploads that survive: the bytes of a source, taken bit by bit and resumed after any break."""
