"""Distributions, which package a production for other platforms, and activations: campaigns."""
