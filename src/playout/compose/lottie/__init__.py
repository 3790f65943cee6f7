"""Lottie animations: what Playout reads of their JSON. Skia and ThorVG draw them elsewhere."""
