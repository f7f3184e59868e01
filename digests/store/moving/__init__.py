"""A whole database copied into another one, of whichever kind either is."""
