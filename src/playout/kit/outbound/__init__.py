"""Outbound HTTP: one client that checks every address before it connects."""
