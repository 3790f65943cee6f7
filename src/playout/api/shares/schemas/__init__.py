"""JSON that the Shares API accepts and returns, one file for each noun."""
