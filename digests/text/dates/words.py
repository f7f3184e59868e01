"""The words of time: months, weekdays, units, numbers, and the pieces that the rules' patterns are built from.

All patterns are matched without case; what capitals decide ("may", "Jan") is decided in ``guards``.
"""

from __future__ import annotations

import re


def split(text: str) -> tuple[str, ...]:
    """The words of a list written as one string."""
    return tuple(text.split())


def wordset(text: str) -> frozenset[str]:
    """The same as a set."""
    return frozenset(text.split())


MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ONES = split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
TENS = split("twenty thirty forty fifty sixty seventy eighty ninety")
ORDINALS = split(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
)
NUMBERS = {word: float(i) for i, word in enumerate(ONES)} | {word: 20.0 + 10 * i for i, word in enumerate(TENS)}
UNIT_CODES = {
    "second": "TS",
    "minute": "TM",
    "hour": "TH",
    "day": "D",
    "night": "D",
    "week": "W",
    "fortnight": "F",
    "month": "M",
    "quarter": "Q",
    "year": "Y",
    "decade": "E",
    "century": "C",
    "centurie": "C",
}
SEASONS = {"spring": "SP", "summer": "SU", "autumn": "FA", "fall": "FA", "winter": "WI"}
PARTS_OF_DAY = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI"}

MONTH = (
    r"(?:jan(?:uary|\.)?|feb(?:ruary|\.)?|mar(?:ch|\.)?|apr(?:il|\.)?|may|june?|july?|aug(?:ust|\.)?"
    r"|sep(?:t(?:ember|\.)?|\.)?|oct(?:ober|\.)?|nov(?:ember|\.)?|dec(?:ember|\.)?)(?![a-z])"
)
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day(?![a-z])"
UNIT = r"(?:second|minute|hour|day|night|week|fortnight|month|quarter|year|decade|century|centurie)"
SEASON = r"(?:spring|summer|autumn|fall|winter)(?![a-z])"
PART = r"(?:morning|afternoon|evening|night)(?![a-z])"
YEAR_DIGITS = r"(?:1[5-9]\d\d|20\d\d)"
YEAR = YEAR_DIGITS + r"(?!\d|[.,]\d)"
DAY_NUMBER = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d|(?:st|nd|rd|th)[a-z])"
_ONE_WORD = "|".join(sorted([*ONES[1:], *TENS], key=len, reverse=True))
NUMBER = (
    r"(?:\d{1,4}(?:\.\d{1,2})?(?:[ -]\d/\d)?(?![\d,]\d)"
    rf"|(?:{_ONE_WORD})(?:[- ](?:{_ONE_WORD}))?(?:[ -]hundred)?(?:[ -]and[ -]a[ -]half)?(?![a-z])"
    rf"|(?:a[ -])?hundred|half a|single(?=-))"
)
ORDINAL = rf"(?:{'|'.join(ORDINALS)}|\d\d?(?:st|nd|rd|th))"
ZONE = (
    r"(?:GMT|UTC|BST|EST|EDT|ET|CST|CDT|PST|PDT|PT|MST|MDT|CET|CEST|EET|JST|IST|MSK|local time"
    r"|Eastern(?: (?:time|daylight time))?)"
)
_HALF = r"[ap]\.?\s?m\.?(?![a-z])"
CLOCK = (
    rf"(?:(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d)?\s?{_HALF}|(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])"
    rf"|(?:1[0-2]|0?\d)\s?{_HALF}|(?:12 )?noon|(?:12 )?midnight|midday"
    rf"|(?:[01]\d|2[0-3])[.:]?[0-5]\d(?=\s?(?:{ZONE}|hours)\b))(?:\s?\(?{ZONE}(?:\s?[+-]\d{{1,2}})?\)?)?"
)


def month_number(word: str) -> int:
    """1-12 of a month's name or abbreviation."""
    return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(word.lower().rstrip(".")[:3]))


def weekday_number(word: str) -> int:
    """0 (Monday) to 6."""
    return next(i for i, name in enumerate(WEEKDAYS) if name.startswith(word.lower().rstrip(".")[:3]))


def ordinal_number(word: str) -> int:
    """1 of "first", 22 of "22nd"."""
    word = word.lower()
    return ORDINALS.index(word) + 1 if word in ORDINALS else int(re.sub(r"\D", "", word))


def number(words: str) -> float | None:
    """The value of a number in digits or words; None for the vague ones ("several").

    >>> number("twenty-four"), number("2 1/2"), number("two and a half")
    (24.0, 2.5, 2.5)
    """
    text = words.lower().strip()
    if text in {"a", "an", "one", "single"}:
        return 1.0
    if text == "half a":
        return 0.5
    if match := re.fullmatch(r"(\d+)[ -](\d)/(\d)", text):
        return float(match[1]) + float(match[2]) / max(1.0, float(match[3]))
    if re.fullmatch(r"[\d.]+", text):
        return float(text)
    total = 0.0
    for word in re.split(r"[- ]+", text):
        if word == "hundred":
            total = max(total, 1.0) * 100
        elif word == "half":
            total += 0.5
        elif word in NUMBERS:
            total += NUMBERS[word]
        elif word not in {"and", "a"}:
            return None
    return total


def year_in_words(text: str) -> int | None:
    """1994 of "nineteen ninety-four", 2000 of "two thousand"; None if it is no year."""
    words = re.split(r"[- ]+", text.lower())
    if words[:2] == ["two", "thousand"]:
        return 2000 + int(number(" ".join(words[2:])) or 0) if words[2:] else 2000
    if len(words) >= 2 and words[0] in {"eighteen", "nineteen", "twenty"}:
        rest = number(" ".join(words[1:]))
        return int(NUMBERS[words[0]]) * 100 + int(rest) if rest is not None and rest < 100 else None
    return None


def duration(amount: float | None, unit: str) -> str:
    """TIMEX3 duration: 2.5 years = P2Y6M, 24 hours = P1D, an open amount = PXY.

    >>> duration(2.5, "year"), duration(72, "hour"), duration(None, "week")
    ('P2Y6M', 'PT72H', 'PXW')
    """
    code = UNIT_CODES[unit]
    if amount is None:
        return {"F": "PXW", "E": "PXE", "C": "PXC", "Q": "PXQ"}.get(
            code, f"PT{'X'}{code[1]}" if code[0] == "T" else f"PX{code}"
        )
    if code == "TH" and amount == 24:
        return "P1D"
    scaled = {"F": (2, "W"), "Q": (3, "M"), "E": (10, "Y"), "C": (100, "Y")}.get(code)
    if scaled:
        amount, code = amount * scaled[0], scaled[1]
    if amount != int(amount):
        return _fraction(amount, code)
    return f"PT{int(amount)}{code[1]}" if code[0] == "T" else f"P{int(amount)}{code}"


def _fraction(amount: float, code: str) -> str:
    whole = int(amount)
    finer = {"Y": (12, "M"), "TH": (60, "M"), "TM": (60, "S"), "D": (24, "H")}.get(code)
    if finer is None:
        return f"P{amount:g}{code}"
    rest = round((amount - whole) * finer[0])
    head = f"{whole}{code[-1]}" if whole else ""
    if code == "Y":
        return f"P{head}{rest}M"
    return f"PT{head}{rest}{finer[1]}" if code[0] == "T" else f"P{head}T{rest}H"
