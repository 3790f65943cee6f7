"""Bodies and answers of the Shares API, one file for each noun."""
