"""The four APIs. The files beside their folders are common to all of them."""
