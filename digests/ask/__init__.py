"""Question in, passages and a short answer out: understanding, retrieval, answering. No language model, no spaCy."""
