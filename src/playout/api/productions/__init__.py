"""The Productions API (`/`): arrays in an envelope, for distribution and campaign systems."""
