"""The outside -> Article; one module per kind of source."""
