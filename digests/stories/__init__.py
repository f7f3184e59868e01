"""Which articles tell one story, decided as they arrive, and whose copy each of them is. Knows no store."""
