"""Rules for weeks, weekends, months, quarters, seasons, years, decades: named ("June 2020") and relative ("last week").

The granularity said is kept: last week is a week, the end of February is February (``mod`` END).
"""

from __future__ import annotations

import re

from digests.text.dates.context import Context, Rule, Value, rule
from digests.text.dates.values import add_days, add_months, nearest_month, quarter_of, quarter_value, week_value
from digests.text.dates.words import (
    MONTH,
    ORDINAL,
    SEASON,
    SEASONS,
    YEAR,
    YEAR_DIGITS,
    month_number,
    ordinal_number,
    year_in_words,
)

_EDGE = (
    r"(?:(?P<edge>(?:the )?(?:very )?(?:(?:early|late|mid)(?:-|–)?"
    r"|(?:beginning|start|end|close|middle|first half|second half|first part|latter part|rest|remainder|course) of)"
    r"|earlier(?: in)?|later(?: in)?|early in|late in) ?(?:in )?)?"
)
_WHICH = (
    r"(?:(?P<which>this coming|this past|the (?:past|last|next|coming|current|same|previous|following"
    r"|latest)|this|that|last|past|next|coming|current|previous|following)[ ])"
)
_THE = r"(?:(?P<the>the|its|their|his|her|our|a|this|that|any|each|every)[ ])?"
_MODS = (("early", "START"), ("earl", "START"), ("begin", "START"), ("start", "START"), ("first", "START"))
_END_WORDS = ("end", "late", "close", "latter", "second half")


def mod_of(edge: str | None) -> str | None:
    """TIMEX3 mod of "the end of", "early", "mid-"."""
    word = (edge or "").lower()
    if "mid" in word:
        return "MID"
    if any(end in word for end in _END_WORDS):
        return "END" if not word.startswith("later") else "ON_OR_AFTER"
    return "START" if any(key in word for key, _ in _MODS) else None


def step(which: str | None) -> int:
    """-1 of "last", 1 of "next", 0 of "this"."""
    words = set((which or "").lower().split())
    if words & {"last", "past", "previous"}:
        return -1
    return 1 if words & {"next", "coming", "following"} else 0


def _month(match: re.Match[str], context: Context) -> Value | None:
    month = month_number(match["month"])
    if match["year"]:
        year = int(match["year"])
        context.remember("year", match.start(), match["year"])
    elif match["yearword"]:
        year = context.today.year + step(match["yearword"])
    else:
        year = _month_year(match, month, context)
    value = f"{year:04d}-{month:02d}"
    context.remember("month", match.start(), value)
    return Value("DATE", value, mod_of(match["edge"]))


def _month_year(match: re.Match[str], month: int, context: Context) -> int:
    today, which = context.today, (match["which"] or "").lower()
    if step(which) < 0:
        return today.year - (1 if month >= today.month else 0)
    if step(which) > 0 and "coming" not in which:
        return today.year + (1 if month <= today.month else 0)
    if which.startswith("this"):
        return today.year
    direction = context.direction(match.start(), match.end())
    return nearest_month(month, today=today, direction=direction)


def _year(match: re.Match[str], context: Context) -> Value:
    value = match["year"]
    context.remember("year", match.start(), value)
    half = re.match(r"(?:the )?(first|second) half", match["edge"] or "", re.IGNORECASE)
    if half:
        return Value("DATE", f"{value}-H{1 if half[1].lower() == 'first' else 2}")
    return Value("DATE", value, mod_of(match["edge"]))


def _years(match: re.Match[str], _context: Context) -> Value | None:
    """ "2018-19"."""
    first = int(match["a"])
    last = first // 100 * 100 + int(match["b"]) if len(match["b"]) == 2 else int(match["b"])
    return Value("DATE", f"{first}/{last}") if first < last <= first + 60 else None


def _spelt_year(match: re.Match[str], _context: Context) -> Value | None:
    year = year_in_words(match["words"])
    return Value("DATE", str(year), mod_of(match["edge"])) if year else None


def _decade(match: re.Match[str], _context: Context) -> Value | None:
    if match["digits"]:
        value = match["digits"][:-1] if len(match["digits"]) == 4 else f"19{match['digits'][0]}"
        return Value("DATE", value, mod_of(match["edge"]))
    tens = {
        "twent": "2",
        "thirt": "3",
        "fort": "4",
        "fift": "5",
        "sixt": "6",
        "sevent": "7",
        "eight": "8",
        "ninet": "9",
    }
    return Value("DATE", "19" + tens[match["tens"].lower()], mod_of(match["edge"]))


def _century(match: re.Match[str], _context: Context) -> Value:
    return Value("DATE", f"{ordinal_number(match['n']) - 1:02d}XX", mod_of(match["edge"]))


def _relative(match: re.Match[str], context: Context) -> Value | None:
    moved = step(match["which"])
    unit = match["unit"].lower()
    today, mod = context.today, mod_of(match["edge"])
    if unit == "weekend":
        return Value("DATE", week_value(add_days(today, 7 * moved)) + "-WE", mod)
    if unit == "week":
        return Value("DATE", week_value(add_days(today, 7 * moved)), mod)
    if unit == "month":
        return Value("DATE", add_months(today, moved).isoformat()[:7], mod)
    if unit == "quarter":
        return Value("DATE", _relative_quarter(match, moved, context), mod)
    if unit in {"decade", "century"} and moved:
        return Value("DURATION", "P10Y" if unit == "decade" else "P100Y")
    if unit == "decade":
        return Value("DATE", str(today.year // 10), mod)
    if unit == "century":
        return Value("DATE", f"{today.year // 100}XX", mod)
    return _relative_year(match, moved, context)


def _relative_year(match: re.Match[str], moved: int, context: Context) -> Value:
    which = (match["which"] or "").lower()
    named = context.last_named("year", match.start(), within=400)
    if which in {"that", "the same"} or (which in {"the following", "the previous"} and named):
        base = int(named) if named else context.today.year
        return Value("DATE", str(base + moved), mod_of(match["edge"]))
    value = str(context.today.year + moved)
    half = re.match(r"(?:the )?(first|second) half", match["edge"] or "", re.IGNORECASE)
    if half:
        return Value("DATE", f"{value}-H{1 if half[1].lower() == 'first' else 2}")
    return Value("DATE", value, mod_of(match["edge"]))


def _relative_quarter(match: re.Match[str], moved: int, context: Context) -> str:
    today = context.today
    which = (match["which"] or "").lower()
    if "latest" in which:
        named = context.last_named("quarter", match.start())
        return min(named or completed_quarter(context), completed_quarter(context))
    return quarter_value(today.year, quarter_of(today) + moved)


def _the_period(match: re.Match[str], context: Context) -> Value | None:
    """ "the end of the month", "later in the week", "the weekend", "the year": the one we are in, or named before."""
    unit, today, mod = match["unit"].lower(), context.today, mod_of(match["edge"])
    if unit == "weekend":
        return Value("DATE", _weekend_of(match, context), mod)
    if unit == "quarter":
        return Value("DATE", _this_quarter(match, context), mod)
    if unit == "year" and re.match(r"\s(?:ended|ending)\b", context.text[match.end() : match.end() + 8]):
        return Value("DURATION", "P1Y")
    if unit == "day":
        return Value("DATE", today.isoformat(), mod)
    values = {"week": week_value(today), "month": today.isoformat()[:7], "year": str(today.year)}
    values["decade"], values["century"] = str(today.year // 10), f"{today.year // 100}XX"
    return Value("DATE", values[unit], mod)


def _this_quarter(match: re.Match[str], context: Context) -> str:
    """ "the quarter": the one we are in if it lies ahead, else the one named before or the last completed."""
    current = quarter_value(context.today.year, quarter_of(context.today))
    if context.direction(match.start(), match.end()) == "ahead" or match["edge"]:
        return current
    return context.last_named("quarter", match.start(), within=600) or completed_quarter(context)


def completed_quarter(context: Context) -> str:
    return quarter_value(context.today.year, quarter_of(context.today) - 1)


def _year_quarter(match: re.Match[str], context: Context) -> Value:
    """ "the 1988 quarter", "the 1988 period": that year's like of the quarter named before."""
    quarter = context.last_named("quarter", match.start())
    year = match["year"] or str(context.today.year + step(match["which"]))
    return Value("DATE", f"{year}{quarter[4:]}" if quarter else year)


def _weekend_of(match: re.Match[str], context: Context) -> str:
    moved = 0
    if context.direction(match.start(), match.end()) != "ahead" and context.today.weekday() < 5:
        moved = -1
    return week_value(add_days(context.today, 7 * moved)) + "-WE"


def _quarter(match: re.Match[str], context: Context) -> Value | None:
    word = (match["n"] or match["n2"]).lower()
    last = word in {"final", "last"}
    number = 4 if last else ordinal_number(word)
    if not 1 <= number <= 4:
        return None
    value = quarter_value(_quarter_year(match, number, context), number)
    context.remember("quarter", match.start(), value)
    return Value("DATE", value, mod_of(match["edge"]))


def _quarter_year(match: re.Match[str], number: int, context: Context) -> int:
    """The year said, else the last completed such quarter, or the next one that is not over when it lies ahead."""
    year = match["year"] or match["year1"]
    which = match["which"] or match["which1"]
    if year:
        return int(year)
    today = context.today
    if which:
        return today.year + step(which)
    if re.match(r"year-(?:earlier|ago)|same", match["ago"] or "", re.IGNORECASE):
        named = context.last_named("quarter", match.start())
        return int(named[:4]) - 1 if named else today.year - 1
    ahead = (number - quarter_of(today)) % 4
    if context.direction(match.start(), match.end()) == "ahead" and ahead <= 2 and "-" not in match[0]:
        return today.year + (1 if number < quarter_of(today) else 0)
    if number == quarter_of(today) == 4:
        return today.year
    return today.year - (1 if number >= quarter_of(today) else 0)


def _short_quarter(match: re.Match[str], context: Context) -> Value | None:
    code, year = match["code"].upper(), match["year"]
    if not year:
        current = quarter_of(context.today) if code[0] == "Q" else (context.today.month + 5) // 6
        ahead = context.direction(match.start(), match.end()) == "ahead"
        behind = int(code[1]) < current
        base = context.today.year + (1 if ahead and behind else -1 if not ahead and int(code[1]) > current else 0)
        year = str(base)
    return Value("DATE", f"{year}-{code}")


def _season(match: re.Match[str], context: Context) -> Value | None:
    code = SEASONS[match["season"].lower()]
    which, today = match["which"], context.today
    first = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[code]
    if match["year"]:
        year = int(match["year"])
    elif match["yearword"]:
        year = today.year + step(match["yearword"])
    elif match["spelt"]:
        year = year_in_words(match["spelt"]) or today.year
    elif step(which) < 0:
        year = today.year - (1 if today.month < first + 2 else 0)
    elif step(which) > 0:
        year = today.year + (1 if today.month >= first else 0)
    elif context.direction(match.start(), match.end()) == "ahead":
        year = today.year + (1 if today.month > first + 2 else 0)
    else:
        year = today.year if which else today.year - (1 if today.month < first else 0)
    return Value("DATE", f"{year}-{code}", mod_of(match["edge"]))


_YEAR_TAIL = rf"(?:,? (?:of |in )?(?:(?P<yearword>last|this|next) year(?!'s)|(?P<year>{YEAR})))?"
_SPELT = (
    r"(?:two thousand(?: (?:and )?[a-z]+)?|(?:eighteen|nineteen|twenty)[ -](?:hundred|(?:twenty"
    r"|thirty|forty|fifty|sixty|seventy|eighty|ninety|ten|eleven|twelve|\w{3,5}teen)(?:[ -](?:one|two"
    r"|three|four|five|six|seven|eight|nine))?))(?![a-z])"
)
_QUARTER_NAME = (
    r"(?:(?:fiscal[- ])?(?P<n>first|second|third|fourth|final|last|[1-4](?:st|nd|rd"
    r"|th))[- ](?:fiscal[- ])?quarter(?![a-z]))"
)

RULES: tuple[Rule, ...] = (
    rule("month", rf"{_EDGE}(?:{_WHICH})?(?P<month>{MONTH}){_YEAR_TAIL}", _month),
    rule("years", rf"(?P<a>{YEAR_DIGITS})\s?[-–/](?P<b>\d\d|\d{{4}})(?![\d-])", _years),
    rule(
        "year",
        rf"{_EDGE}(?P<fiscal>(?:the )?(?:fiscal|financial|calendar|year|fiscal year)[ ])?(?P<year>{YEAR})",
        _year,
    ),
    rule("spelt_year", rf"{_EDGE}(?:the year )?(?P<words>{_SPELT})", _spelt_year),
    rule(
        "decade",
        rf"{_EDGE}(?:the )?(?:early |late |mid-?)?(?:(?P<digits>(?:1[5-9]|20)\d0|[2-9]0)'?s|(?P<tens>twent"
        rf"|thirt|fort|fift|sixt|sevent|eight|ninet)ies)(?![a-z])",
        _decade,
    ),
    rule("century", rf"{_EDGE}(?:the )?(?P<n>{ORDINAL})[- ]century", _century),
    rule(
        "relative",
        rf"{_EDGE}{_WHICH}(?:fiscal |calendar |full |financial )?(?P<unit>weekend|week|month|quarter|year"
        rf"|decade|century)(?![a-z-])",
        _relative,
    ),
    rule(
        "the_period",
        rf"{_EDGE}the (?:full |current )?(?P<unit>weekend|quarter|day|week|month|year|decade|century)(?![a-z-])",
        _the_period,
    ),
    rule(
        "quarter",
        rf"{_EDGE}{_THE}(?:(?P<year1>{YEAR})(?:'s)? |(?P<which1>last|this"
        rf"|next) year's )?(?P<ago>year-(?:earlier|ago) )?(?:{_QUARTER_NAME}|(?P<n2>third|fourth)-quarter)"
        rf"(?:,? (?:of )?(?:(?P<which>last|this|next) year|(?:fiscal )?(?P<year>{YEAR})))?",
        _quarter,
    ),
    rule(
        "year_quarter",
        rf"(?:the (?P<year>{YEAR})|(?P<which>last|this|next) year['’]s) (?:quarter|period)(?![a-z])",
        _year_quarter,
    ),
    rule("short_quarter", rf"(?P<code>[QH][1-4])(?:[ -]?(?:of )?(?:FY)?(?P<year>{YEAR}))?(?![a-z0-9])", _short_quarter),
    rule("season", rf"{_EDGE}(?:{_WHICH}|the )?(?P<season>{SEASON})(?: of (?P<spelt>{_SPELT}))?{_YEAR_TAIL}", _season),
)
