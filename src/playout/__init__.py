"""Playout: publish finished videos."""
