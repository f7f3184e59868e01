"""What number words are worth: ``two hundred and five``, ``half a million``, ``dozens``, ``two-thirds``."""

from __future__ import annotations

import re

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {word: n for n, word in enumerate(_ONES)} | {word: 10 * (n + 2) for n, word in enumerate(_TENS)}
MAGNITUDES = {
    "dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "lakh": 1e5,
    "crore": 1e7, "bn": 1e9, "tn": 1e12, "trn": 1e12, "mln": 1e6, "mn": 1e6, "m": 1e6, "k": 1e3,
}  # fmt: skip
_VAGUE = {
    "dozen": (24.0, 99.0), "score": (40.0, 99.0), "hundred": (200.0, 999.0), "thousand": (2e3, 9_999.0),
    "million": (2e6, 9_999_999.0), "billion": (2e9, 9_999_999_999.0), "trillion": (2e12, 9_999_999_999_999.0),
}  # fmt: skip
PARTS = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10,
}  # fmt: skip
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}

WORD = "(?:" + "|".join([*_ONES, *_TENS]) + ")"
BIG = "hundred|thousand|million|billion|trillion"
DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
PART = "half|halves|(?:third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?"


def value_of_words(words: str) -> float:
    """The value of a number written out: ``two hundred and five`` is 205, ``a dozen`` 12; 0 for no number word."""
    total = current = 0.0
    parts = re.split(r"[\s-]+", words.lower())
    for word, following in zip(parts, [*parts[1:], ""], strict=True):
        if word in _SMALL:
            current += _SMALL[word]
        elif word in ("hundred", "dozen"):
            current = (current or 1) * MAGNITUDES[word]
        elif word in MAGNITUDES:
            total, current = total + (current or 1) * MAGNITUDES[word], 0.0
        elif word in ("half", "quarter"):
            addition = 0.5 if word == "half" else 0.25
            current += addition
        elif word == "a" and following in MAGNITUDES:
            current = current or 1.0
    return total + current


def part_of(part: str) -> str:
    """The singular key of ``PARTS``: ``thirds`` is ``third``."""
    return part if part in PARTS else part.removesuffix("s")


def scaled(words: str) -> float:
    """``half a million`` is 500,000."""
    share = 0.5 if words.startswith("half") else (0.75 if words.startswith("three") else 0.25)
    return share * MAGNITUDES[words.split()[-1]]


def fraction(text: str) -> float:
    """``½`` or ``1/2`` is 0.5."""
    if text in _GLYPHS:
        return _GLYPHS[text]
    above, _, below = text.partition("/")
    return int(above) / int(below)


def vague(words: str) -> tuple[float, float]:
    """Lowest and highest meant by ``dozens``, ``several hundred``, ``tens of thousands`` (the labels' convention)."""
    first, *_, last = words.split() if " " in words else (words, words)
    low, high = _VAGUE[last.removesuffix("s")]
    if " of " not in words:
        return low, high
    factor = {"tens": 10, "dozens": 10, "hundreds": 100}[first]
    return low * factor, (high + 1) * factor - 1
