"""The Productions API (`/`): arrays in and out, in an envelope; for distribution and campaigns."""
