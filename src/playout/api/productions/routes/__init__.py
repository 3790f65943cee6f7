"""Routes of the Productions API, one file for each noun."""
