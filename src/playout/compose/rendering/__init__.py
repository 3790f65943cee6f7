"""Rendering of personal segments, in processes of the sandbox that stay."""
