"""Playout: publish finished videos."""

__version__ = "0.1.0"
