"""JSON that the Publications API accepts and returns, one file for each noun."""
