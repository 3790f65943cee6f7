"""Renders: films of templates for single viewers. Only what is drawn over is encoded for them."""
