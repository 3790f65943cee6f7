"""Brands: how the landing pages of a project look."""
