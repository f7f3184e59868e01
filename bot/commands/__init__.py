"""One module per command: ``SPEC`` and ``handle``; ``registry.COMMANDS`` lists them."""
