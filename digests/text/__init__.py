"""Pure helpers on str: names, parts, dates."""
