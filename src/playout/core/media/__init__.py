"""Assets, their renditions and captions: the rows of everything that plays."""
