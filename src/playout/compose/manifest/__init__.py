"""The template manifest: what a template draws, and the data that it needs for it."""
