"""Turning a source into something that plays, then into renditions and pictures."""
