"""Charts drawn: matplotlib is imported by ``canvas`` alone, and that only in a process of its own (``artist``)."""
