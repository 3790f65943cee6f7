"""Experiments: variants of a page, shown to visitors by chance, and what came of each."""
