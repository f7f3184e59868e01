"""Rules for durations, sets and offsets: "the past two weeks", "72 hours", "every July", "three days later"."""

from __future__ import annotations

import re
from datetime import date

from digests.text.dates.context import Context, Rule, Value, rule
from digests.text.dates.values import add_days, add_months, quarter_value, week_value
from digests.text.dates.words import (
    MONTH,
    NUMBER,
    SEASONS,
    UNIT,
    WEEKDAY,
    duration,
    month_number,
    number,
    weekday_number,
)

_ABOUT = r"(?:(?P<about>about|around|nearly|almost|roughly|approximately) )?"
_BOUND_BEFORE = re.compile(
    r"(at least|at most|more than|less than|up to|over|under|within|as many as|no more than) $", re.IGNORECASE
)
_SOME = (
    r"(?:a few|a couple of|a couple|several|many|some|few|a dozen|dozens of|a number of|tens of"
    r"|hundreds of|couple of)"
)
_FRAME = (
    r"(?P<frame>(?:the |these |those |its )?(?:past|last|next|first|coming|latest|previous|preceding"
    r"|following|recent|final|early|initial)|the|these|those|this|another|each of the past)"
)
_MODS = {"about": "APPROX", "around": "APPROX", "roughly": "APPROX", "approximately": "APPROX", "nearly": "LESS_THAN"}
_MODS |= {"almost": "LESS_THAN", "at least": "EQUAL_OR_MORE", "more than": "MORE_THAN", "over": "MORE_THAN"}
_MODS |= {
    "less than": "LESS_THAN",
    "under": "LESS_THAN",
    "up to": "EQUAL_OR_LESS",
    "at most": "EQUAL_OR_LESS",
    "within": "EQUAL_OR_LESS",
}


def _mod(match: re.Match[str]) -> str | None:
    if match["about"]:
        return _MODS[match["about"].lower()]
    bound = _BOUND_BEFORE.search(match.string[max(0, match.start() - 13) : match.start()])
    return _MODS.get(bound[1].lower()) if bound else None


def _amount(words: str) -> float | None:
    text = words.lower()
    if "couple" in text:
        return 2.0
    if text == "a dozen":
        return 12.0
    return number(words)


def _duration(match: re.Match[str], _context: Context) -> Value:
    amount = _amount(match["n"])
    if amount is not None and match["half"]:
        amount += 0.5
    value = duration(amount, match["unit"].lower())
    return Value("DURATION", value, _mod(match))


def _framed(match: re.Match[str], context: Context) -> Value | None:
    """ "the past decade", "recent weeks", "the next few days"."""
    frame, unit = match["frame"].lower(), match["unit"].lower()
    if match["n"] is None and match["some"] is None:
        if not match["plural"]:
            return None
        if "recent" in frame and unit in {"year", "day"}:
            return Value("DATE", "PAST_REF")
        return Value("DURATION", duration(None, unit))
    amount = (
        _amount(match["n"]) if match["n"] else _amount(match["some"]) if "couple" in match["some"].lower() else None
    )
    if unit == "month":
        context.remember("months", match.start(), unit)
    return Value("DURATION", duration(amount, unit))


def _ago(match: re.Match[str], context: Context) -> Value | None:
    amount = _amount(match["n"]) if match["n"] else 1.0 if match["one"] else None
    unit = match["unit"].lower()
    back = match["way"].lower() in {"ago", "earlier", "before", "previously", "back"}
    if amount is None:
        if not match["some"]:
            return Value("DURATION", duration(None, unit)) if match["plural"] else None
        return _vague_ago(back)
    anchor = _anchor(match, context)
    if unit == "hour":
        return _hours(match, context, anchor, -amount if back else amount)
    moved = moved_value(anchor, (-1 if back else 1) * amount, unit)
    if unit == "year" and amount == 1 and back and match["way"].lower() in {"ago", "earlier"}:
        quarter = context.last_named("quarter", match.start())
        if quarter and context.is_later("quarter", "months"):
            moved = f"{int(quarter[:4]) - 1}{quarter[4:]}"
    return Value("DATE", moved, _mod(match)) if moved else None


def _hours(match: re.Match[str], context: Context, anchor: date, amount: float) -> Value:
    """ "17 hours later": counted from the clock time named before, else begun days."""
    named = context.last_named("hour", match.start(), within=300)
    hour = int(named or 0) + amount
    return Value("DATE", add_days(anchor, int(hour // 24)).isoformat(), _mod(match))


def _vague_ago(back: bool) -> Value:
    return Value("DATE", "PAST_REF") if back else Value("DATE", "FUTURE_REF")


def _anchor(match: re.Match[str], context: Context) -> date:
    """Ago counts from today; earlier and later from the day named shortly before."""
    if match["way"].lower() in {"ago", "from now", "hence", "back"}:
        return context.today
    named = context.last_named("day", match.start(), within=300)
    return date.fromisoformat(named) if named else context.today


def moved_value(anchor: date, amount: float, unit: str) -> str | None:
    """The value an amount of units away, at the granularity said (years: a year; weeks under a month: a day)."""
    whole = round(amount)
    if unit in {"second", "minute"}:
        return anchor.isoformat()
    if unit in {"day", "night"}:
        return add_days(anchor, whole).isoformat()
    if unit in {"week", "fortnight"}:
        weeks = whole * (2 if unit == "fortnight" else 1)
        moved = add_days(anchor, 7 * weeks)
        return moved.isoformat() if abs(weeks) == 1 else week_value(moved)
    if unit in {"month", "quarter"}:
        moved = add_months(anchor, whole * (3 if unit == "quarter" else 1))
        return quarter_value(moved.year, (moved.month - 1) // 3 + 1) if unit == "quarter" else moved.isoformat()[:7]
    years = {"year": 1, "decade": 10, "century": 100, "centurie": 100}[unit] * amount
    year = anchor.year + round(years)
    if not 1 <= year <= 9999:
        return None
    return f"{year:04d}" if unit == "year" else f"{year:04d}"[: 3 if unit == "decade" else 2]


def _year_ago(match: re.Match[str], context: Context) -> Value:
    """ "the year-earlier period", "the same month a year ago": the period named before, a year back; else the year."""
    grain = "month" if "month" in match[0].lower() else "quarter"
    named = context.last_named(grain, match.start())
    if named is None and grain == "month":
        named = context.today.isoformat()[:7]
    bare = re.fullmatch(r"(?:the )?year[- ](?:earlier|ago)", match[0], re.IGNORECASE)
    return Value("DATE", f"{int(named[:4]) - 1}{named[4:]}" if named and not bare else str(context.today.year - 1))


def _year_before(match: re.Match[str], context: Context) -> Value:
    """ "the year previous", "the year before": before the year named, else last year's."""
    named = context.last_named("year", match.start(), within=400)
    return Value("DATE", str((int(named) if named else context.today.year) - 1))


def _every(match: re.Match[str], _context: Context) -> Value | None:
    if match["weekday"]:
        return Value("SET", f"XXXX-WXX-{weekday_number(match['weekday']) + 1}")
    if match["month"]:
        return Value("SET", f"XXXX-{month_number(match['month']):02d}")
    if match["season"]:
        return Value("SET", f"XXXX-{SEASONS[match['season'].lower()]}")
    amount = number(match["n"]) if match["n"] else 1.0
    if match["other"]:
        amount = 2.0
    return Value("SET", duration(amount, match["unit"].lower()))


def _adverb(match: re.Match[str], _context: Context) -> Value:
    values = {"daily": "P1D", "nightly": "P1D", "weekly": "P1W", "monthly": "P1M", "quarterly": "P3M", "yearly": "P1Y"}
    values |= {"annually": "P1Y", "annual": "P1Y", "hourly": "PT1H", "biweekly": "P2W"}
    return Value("SET", values[match[0].lower()])


def _weekdays(match: re.Match[str], _context: Context) -> Value:
    return Value("SET", f"XXXX-WXX-{weekday_number(match['weekday']) + 1}")


def _half_units(match: re.Match[str], _context: Context) -> Value:
    return Value("DURATION", duration((number(match["n"]) or 1) + 0.5, match["unit"].lower()))


_N = rf"(?P<n>{NUMBER})"
_AGE = r"(?![a-z])(?![- ]olds?\b)"
RULES: tuple[Rule, ...] = (
    rule(
        "amount",
        rf"{_ABOUT}{_N}(?P<half>(?: and a half)?)(?: more| full| whole| consecutive| straight| trading"
        rf"| working| business| calendar| further)?[- ](?P<unit>{UNIT})s?(?:' time)?{_AGE}",
        _duration,
    ),
    rule("range", rf"{_ABOUT}{_N} (?:to|or) {NUMBER}(?P<half>)[- ](?P<unit>{UNIT})s?{_AGE}", _duration),
    rule("some", rf"{_ABOUT}(?P<n>{_SOME}) (?P<half>)(?:more |whole )?(?P<unit>{UNIT})s{_AGE}", _duration),
    rule("one_and_half", rf"(?P<n>an?|one) (?P<unit>{UNIT}) and a half", _half_units),
    rule(
        "framed",
        rf"{_FRAME} (?:{_N}|(?P<some>{_SOME}|few|couple of))?(?:(?<= )|[- ])?(?: ?(?:fiscal|trading|full"
        rf"|calendar|consecutive) )?(?P<unit>{UNIT})(?P<plural>s)?{_AGE}(?: or so)?",
        _framed,
    ),
    rule(
        "ago",
        rf"{_ABOUT}(?:{_N}|(?P<one>an?)|(?P<some>{_SOME}))?(?:(?<=\s)|[- ]"
        rf"| )?(?:full )?(?P<unit>{UNIT})(?P<plural>s)?(?: or so| or two)?,? (?P<way>ago|earlier|later"
        rf"|before(?=\s?[.,;:]|$)|from now"
        rf"|hence|previously|back)(?![a-z-])(?! than)",
        _ago,
    ),
    rule(
        "year_before",
        r"the (?:year previous|year before(?=\s?[.,;])|previous year|year earlier)(?![a-z])",
        _year_before,
    ),
    rule(
        "year_ago",
        r"(?:the )?(?:same (?:period|quarter|month|time|week) )?(?:(?:the |a )?year[- ](?:earlier|ago)"
        r"|(?:a|the) (?:year )?(?:earlier|previous) year)(?: (?:period|quarter|level))?(?![a-z])"
        r"|the (?:(?:corresponding|same|like|comparable) )?(?:period|quarter)(?: (?:of )?last year"
        r"| a year (?:ago|earlier))",
        _year_ago,
    ),
    rule(
        "every",
        rf"(?:every|each)(?: single)? (?:(?P<other>other )?(?:(?P<n>{NUMBER})"
        rf" )?(?P<unit>{UNIT})s?(?![a-z])|(?P<weekday>{WEEKDAY})|(?P<month>{MONTH})|(?P<season>spring"
        rf"|summer|autumn|fall|winter)(?![a-z]))",
        _every,
    ),
    rule(
        "adverb",
        r"(?:daily|weekly)(?![a-z])|(?:nightly|monthly|quarterly|yearly|annually|hourly|biweekly)(?=\s?(?:[.,;:)]|$"
        r"|and |or |to |in |on |at |for |from |with |by |through ))",
        _adverb,
    ),
    rule("weekdays", r"(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day)s(?![a-z])", _weekdays),
)
