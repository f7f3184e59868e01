"""What stands in the log, and what never does."""
