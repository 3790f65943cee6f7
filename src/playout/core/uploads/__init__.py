"""Uploads: the bytes of a source on their way in, which a client can resume after any break."""
