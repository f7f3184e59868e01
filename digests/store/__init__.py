"""Where facts lie: the protocol and the databases behind it."""
