"""Organizations, the people and sub-accounts in them, and the keys they come with."""
