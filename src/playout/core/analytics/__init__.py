"""Analytics: what viewers do, counted without following them, and rolled up by day."""
