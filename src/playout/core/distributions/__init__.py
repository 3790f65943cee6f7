"""How a production is delivered (distributions) and when and where it runs (activations)."""
