"""Facts that a language model proposes where the grammar found none: asked for, checked against the very words."""
