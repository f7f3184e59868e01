"""The chat platforms; the only modules that import their SDKs."""
