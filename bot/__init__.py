"""The chat side: what people type becomes calls on the news side, what comes back becomes messages."""
