"""Rules for what names no day: now, recently, soon; and for holidays, which do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date

from digests.text.dates.context import Context, Rule, Value, rule
from digests.text.dates.values import add_days, quarter_of, quarter_value
from digests.text.dates.words import UNIT, YEAR, duration


def _ref(value: str) -> Callable[[re.Match[str], Context], Value]:
    return lambda _match, _context: Value("DATE", value)


def _plural(match: re.Match[str], _context: Context) -> Value:
    return Value("DURATION", duration(None, match["unit"].lower()))


def _open_plural(match: re.Match[str], _context: Context) -> Value:
    """ "for years", "within weeks"."""
    start = match.start("span") - match.start()
    return Value("DURATION", duration(None, match["unit"].lower()), cut=(start, match.end() - match.start()))


def _rate(match: re.Match[str], _context: Context) -> Value | None:
    """ "15 a year", "$1 billion a year"; not "24 hours a day"."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    if not re.search(r"(?:\d|illion|hundred|thousand|times|twice) $", before):
        return None
    return Value("SET", duration(1.0, match["unit"].lower()))


def _article(match: re.Match[str], _context: Context) -> Value:
    """ "for a week", "within a month", "less than an hour"."""
    start = match.start("span") - match.start()
    return Value("DURATION", duration(1.0, match["unit"].lower()), cut=(start, match.end() - match.start()))


def _long(match: re.Match[str], _context: Context) -> Value:
    return Value("DURATION", duration(1.0, match["unit"].lower()))


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The nth such weekday of a month; -1 is the last."""
    if nth < 0:
        first = date(year + month // 12, month % 12 + 1, 1)
        return add_days(first, -((first.weekday() - weekday - 1) % 7 + 1))
    first = date(year, month, 1)
    return add_days(first, (weekday - first.weekday()) % 7 + 7 * (nth - 1))


def easter(year: int) -> date:
    """Western Easter (the anonymous Gregorian computus, Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + k - 7 * ((a + 11 * h + 22 * k) // 451) + 114, 31)
    return date(year, month, day + 1)


_HOLIDAYS: dict[str, Callable[[int], date]] = {
    "thanksgiving": lambda year: nth_weekday(year, 11, 3, 4),
    "christmas eve": lambda year: date(year, 12, 24),
    "christmas": lambda year: date(year, 12, 25),
    "boxing day": lambda year: date(year, 12, 26),
    "new year's eve": lambda year: date(year, 12, 31),
    "new year": lambda year: date(year, 1, 1),
    "labor day": lambda year: nth_weekday(year, 9, 0, 1),
    "memorial day": lambda year: nth_weekday(year, 5, 0, -1),
    "martin luther king": lambda year: nth_weekday(year, 1, 0, 3),
    "independence day": lambda year: date(year, 7, 4),
    "veterans day": lambda year: date(year, 11, 11),
    "halloween": lambda year: date(year, 10, 31),
    "valentine's day": lambda year: date(year, 2, 14),
    "may day": lambda year: date(year, 5, 1),
    "good friday": lambda year: add_days(easter(year), -2),
    "easter monday": lambda year: add_days(easter(year), 1),
    "easter": easter,
    "palm sunday": lambda year: add_days(easter(year), -7),
    "ash wednesday": lambda year: add_days(easter(year), -46),
}


def _holiday(match: re.Match[str], context: Context) -> Value:
    name = match["holiday"].lower().replace("\u2019", "'")
    make = next(make for key, make in _HOLIDAYS.items() if name.startswith(key))
    year, which, today = context.today.year, (match["which"] or "").lower(), context.today
    if match["year"]:
        found = make(int(match["year"]))
    else:
        direction = "back" if which in {"last", "past"} else "ahead" if which in {"next", "coming"} else None
        direction = direction or context.direction(match.start("holiday"), match.end())
        options = [make(y) for y in (year - 1, year, year + 1) if MINYEAR <= y < MAXYEAR]
        if direction == "ahead":
            found = next((option for option in options if option >= today), options[-1])
        elif direction == "back":
            found = next((option for option in reversed(options) if option <= today), options[0])
        else:
            found = min(options, key=lambda option: abs(option - today))
    return Value("DATE", found.isoformat())


def _overnight(_match: re.Match[str], context: Context) -> Value:
    return Value("TIME", f"{context.today.isoformat()}TNI")


def _part_of_today(match: re.Match[str], context: Context) -> Value:
    word = match["part"].lower()
    code = {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI", "midday": "MI"}[word]
    named = context.last_named("day", match.start(), within=200)
    return Value("TIME", f"{named or context.today.isoformat()}T{code}")


def _same_day(match: re.Match[str], context: Context) -> Value:
    """ "that day", "the same day", "the next day": from the day named before."""
    named = context.last_named("day", match.start())
    anchor = date.fromisoformat(named) if named else context.today
    word = (match["way"] or "").lower()
    moved = 1 if word in {"next", "following"} else -1 if word in {"previous", "day before"} else 0
    return Value("DATE", add_days(anchor, moved).isoformat())


def _later_today(_match: re.Match[str], context: Context) -> Value:
    return Value("DATE", context.today.isoformat())


def _latest(match: re.Match[str], context: Context) -> Value:
    named = context.last_named("quarter", match.start())
    today = context.today
    return Value("DATE", named or quarter_value(today.year, quarter_of(today) - 1))


def _year_end(_match: re.Match[str], context: Context) -> Value:
    return Value("DATE", str(context.today.year), "END")


_HOLIDAY_NAMES = "|".join(
    (
        r"thanksgiving(?: day)?",
        r"christmas(?: eve| day)?",
        "boxing day",
        r"new year['\u2019]s (?:eve|day)",
        "labor day",
        "memorial day",
        r"martin luther king(?: jr\.?)? day",
        "independence day",
        "veterans day",
        "halloween",
        r"valentine['\u2019]s day",
        "may day",
        "good friday",
        r"easter(?: sunday| monday)?",
        "palm sunday",
        "ash wednesday",
    )
)

RULES: tuple[Rule, ...] = (
    rule(
        "present",
        r"(?:right now|now|currently|at present|these days|nowadays|at the moment)(?![a-z-])",
        _ref("PRESENT_REF"),
    ),
    rule(
        "past",
        r"(?:more |most |very )?(?:recently|lately)(?![a-z-])|the (?:recent )?past(?= ?[.,;]|$| that| he"
        r"| she| they| it| have| has| was| were| by)"
        r"",
        _ref("PAST_REF"),
    ),
    rule(
        "future",
        r"(?:very )?soon(?!er|[a-z-]| as| after)|the (?:near |foreseeable |not-too-distant "
        r"|immediate )?future(?![a-z])|the (?:near|short|long) term(?![a-z])|as soon as possible",
        _ref("FUTURE_REF"),
    ),
    rule("current", r"current(?= [a-z])(?! (?:account|affairs|quarter|year|month|week))", _ref("PRESENT_REF")),
    rule("recent", r"recent(?= [a-z])(?! (?:year|month|week|day|quarter|decade|hour)s?)", _ref("PAST_REF")),
    rule("plural", rf"(?P<unit>{UNIT})s(?![a-z])(?= (?:of|after|before|earlier|later|away|ahead|ago|to))", _plural),
    rule(
        "open_plural", rf"(?:for|in|within|over|took|just|after) (?P<span>(?P<unit>{UNIT})s)(?![a-z'’])", _open_plural
    ),
    rule("one", rf"an? (?!second)(?P<unit>{UNIT})(?= (?:to |after |or two|or so|away ))", _long),
    rule("rate", r"a (?P<unit>year|month|week|day)(?![a-z-])", _rate),
    rule(
        "article",
        rf"(?:for|within|than|about|after|over|nearly|almost|in|lasted|lasting|takes?|took"
        rf"|another) (?P<span>(?:half )?an? (?!second)(?:full |whole "
        rf"|further )?(?P<unit>{UNIT}))(?![a-z-])(?! (?:ago|earlier|later|from))",
        _article,
    ),
    rule("long", rf"(?P<unit>{UNIT})-long(?![a-z])", _long),
    rule(
        "holiday",
        rf"(?:(?P<which>last|this|next|past|coming) )?(?P<holiday>{_HOLIDAY_NAMES})(?:,? (?P<year>{YEAR}))?(?![a-z])",
        _holiday,
    ),
    rule("overnight", r"overnight(?![a-z-])", _overnight),
    rule("part", r"(?:the |mid-?)(?P<part>morning|afternoon|evening)(?![a-z-])", _part_of_today),
    rule(
        "same_day",
        r"(?:(?:later|earlier) )?(?:the |that )(?:very )?(?P<way>same|next|following|previous|day before"
        r"|day after) (?:day|morning|evening)(?![a-z])|(?:later |earlier )?(?P<way2>that) day(?![a-z])",
        _same_day,
    ),
    rule("later_today", r"(?:earlier|later|late|early) (?:in the |on in the )day(?![a-z])", _later_today),
    rule("latest", r"the (?:latest|most recent) (?:quarter|period|fiscal quarter)(?![a-z])", _latest),
    rule("year_end", r"(?:the )?year(?:'s)?[- ]end(?![a-z])", _year_end),
)
