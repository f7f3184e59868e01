"""The news side: articles become facts on the record. It has never heard of a chat."""
