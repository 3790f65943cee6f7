"""The rooms of an account and of an organization."""
