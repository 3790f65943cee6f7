"""JSON that the Productions API accepts and returns, one file for each noun."""
