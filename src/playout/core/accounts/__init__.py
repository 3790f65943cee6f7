"""Organizations, their members and sub-accounts, and their keys."""
