"""What viewers do: counted without following them, rolled up by day, and asked for."""
