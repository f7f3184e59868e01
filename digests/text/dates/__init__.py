"""Dates in English text: time expressions with TIMEX3 values, the days they cover, and periods typed in a chat.

No parser here: which way the verb looks is passed in (``direction``), or told from the words around.
"""

from digests.text.dates.cues import by_words
from digests.text.dates.grammar import find
from digests.text.dates.typed import Period, parse_period
from digests.text.dates.values import Direction, after, day_range

__all__ = ["Direction", "Period", "after", "by_words", "day_range", "find", "parse_period"]
