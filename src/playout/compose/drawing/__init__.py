"""Drawing with Skia. Its libraries are large: import these modules only to draw."""
