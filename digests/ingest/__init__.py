"""Calls reading, extraction and store in order, one transaction an article."""
