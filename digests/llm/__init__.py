"""An optional language model: asked for words, never believed. What it writes stands only where a passage says it."""
