"""Article -> facts: text layers first, then one module per fact kind, listed in ``pipeline.EXTRACTORS``."""
