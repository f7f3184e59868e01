"""One file on one machine."""
