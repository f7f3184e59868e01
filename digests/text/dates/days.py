"""Rules for single days and clock times: dates, weekdays, today, "the day before yesterday", "5 p.m. on Thursday"."""

from __future__ import annotations

import re
from datetime import date

from digests.text.dates.context import Context, Rule, Value, rule
from digests.text.dates.values import Direction, add_days, add_months, nearest_day, week_value
from digests.text.dates.words import (
    CLOCK,
    DAY_NUMBER,
    MONTH,
    NUMBER,
    ORDINALS,
    PART,
    PARTS_OF_DAY,
    WEEKDAY,
    YEAR,
    month_number,
    number,
    ordinal_number,
    weekday_number,
)

_SPELT_DAY = rf"(?:twenty[- ]|thirty[- ])?(?:{'|'.join(ORDINALS)})(?![a-z])"
_MONTH_DAY = (
    rf"(?P<month>{MONTH})\s?(?:the )?(?P<day>{DAY_NUMBER}|{_SPELT_DAY})"
    rf"(?!(?:,\d|\s?(?:percent|per cent|%|million|billion)))(?:,?\s(?P<year>{YEAR})(?!\s(?:people|troops)))?"
)
_DAY_MONTH = (
    rf"(?:the )?(?P<day>{DAY_NUMBER})(?:st|nd|rd"
    rf"|th)?[ -](?:of )?(?P<month>{MONTH})(?:,?[ -](?P<year>{YEAR}))?"
)
_YEAR_AFTER = r"(?:,?\s(?:of )?(?P<which>last|this|next) year)?"
_DEICTIC = (
    r"(?P<deictic>today|tonight|yesterday|tomorrow|the day before yesterday|the day after tomorrow"
    r"|(?:this|that) same day"
    r"|this (?:very )?day|this morning|this afternoon|this evening|last night|tomorrow night"
    r"|yesterday night)(?![a-z])"
)
_WEEKDAY = (
    rf"(?:(?P<edge>this coming|this past|the (?:previous|following|next|past|same)|last|next|this"
    rf"|coming|past) )?(?P<weekday>{WEEKDAY})"
    r"(?:(?: of)? (?P<week>last|this|next) week| week(?![a-z-]))?"
)
_NEAR = r"(?:(?P<near>last|this|next|this coming|this past) )?"
_CORE = {
    "month_day": rf"{_NEAR}(?:(?P<named>{WEEKDAY})(?:,? (?:the )?|\s\())?{_MONTH_DAY}{_YEAR_AFTER}",
    "day_month": rf"(?:(?P<named>{WEEKDAY})(?:,? (?:the )?|\s\())?{_DAY_MONTH}{_YEAR_AFTER}",
    "weekday": _WEEKDAY,
    "deictic": _DEICTIC,
}
_BEFORE = (
    rf"(?:(?P<clock>(?:(?:exactly|about|around|shortly before|shortly after|just after"
    rf"|just before) )?{CLOCK})(?: on)? )?"
    rf"(?:(?P<part1>(?:early |late |mid-?\s?)?{PART})(?: on)? )?"
    r"(?:(?P<mod>(?:early|late)(?: on)?|earlier|later|mid-?day|mid) )?"
)
_AFTER = rf"(?:(?:'s)? (?:(?:early|late) )?(?P<part2>{PART}))?(?:,? (?:at )?(?P<clock2>{CLOCK}))?"
_MODS = {"early": "START", "earlier": "START", "late": "END", "later": "END", "mid": "MID"}


def day_of(match: re.Match[str], context: Context) -> date | None:
    """The day a core pattern names."""
    groups = match.groupdict()
    if groups.get("month") and groups.get("day"):
        return _calendar_day(match, context)
    if groups.get("weekday"):
        return _weekday(match, context)
    return _deictic(match["deictic"].lower(), context) if groups.get("deictic") else None


def _calendar_day(match: re.Match[str], context: Context) -> date | None:
    month, spelt = month_number(match["month"]), match["day"].lower()
    day = _spelt(spelt) if spelt[0].isalpha() else int(re.sub(r"\D", "", spelt))
    which = match.groupdict().get("which")
    if match["year"] or which:
        year = int(match["year"]) if match["year"] else context.today.year + _step(which)
        context.remember("year", match.start(), str(year))
        try:
            return date(year, month, day)
        except ValueError:
            return None
    found = nearest_day(month, day, today=context.today, direction=_which_way(match, context))
    return _agreeing(found, match.groupdict().get("named")) if found else None


def _which_way(match: re.Match[str], context: Context) -> Direction:
    near = (match.groupdict().get("near") or "").lower()
    if near:
        return "back" if _step(near) < 0 or "past" in near else "ahead" if "this" not in near else "unknown"
    return context.direction(match.start(), match.end())


def _agreeing(day: date, weekday: str | None) -> date:
    """The day, moved by a year if only then it is the weekday it is called."""
    if weekday is None or day.weekday() == weekday_number(weekday):
        return day
    moved = [option for option in (add_months(day, 12), add_months(day, -12)) if option.day == day.day]
    return next((option for option in moved if option.weekday() == weekday_number(weekday)), day)


def _spelt(words: str) -> int:
    tens, _, ones = words.replace("-", " ").rpartition(" ")
    return ordinal_number(ones) + int(number(tens) or 0 if tens else 0)


def _step(which: str | None) -> int:
    return {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "following": 1}.get(
        (which or "").lower(), 0
    )


_LATER = re.compile(r"\blater?,? on (?:the )?$", re.IGNORECASE)
"""Of "later on Saturday", said in Saturday's paper: it is the same day whatever the verb."""


def _weekday(match: re.Match[str], context: Context) -> date:
    weekday = weekday_number(match["weekday"])
    edge = (match.groupdict().get("edge") or "").lower().removeprefix("the ")
    week = match.groupdict().get("week")
    today = context.today
    monday = add_days(today, -today.weekday())
    if week:
        return add_days(monday, 7 * _step(week) + weekday)
    if match[0].lower().endswith(" week"):
        return add_days(context.weekday(weekday, "ahead"), 7)
    if edge in {"last", "past", "this past"}:
        return add_days(today, -((today.weekday() - weekday - 1) % 7 + 1))
    if edge in {"previous", "following"}:
        return _beside(weekday, edge, match.start(), context)
    if edge == "next":
        return add_days(monday, 7 + weekday)
    if edge in {"this", "coming", "this coming"}:
        return add_days(today, (weekday - today.weekday()) % 7)
    at = match.start("weekday")
    if _LATER.search(context.text, max(0, at - 12), at) and weekday == today.weekday():
        return today
    return context.weekday(weekday, _direction(match, context))


def _direction(match: re.Match[str], context: Context) -> Direction:
    mod = (match.groupdict().get("mod") or "").lower()
    return "back" if mod == "earlier" else context.direction(match.start(), match.end())


def _beside(weekday: int, edge: str, at: int, context: Context) -> date:
    named = context.last_named("day", at)
    anchor = date.fromisoformat(named) if named else context.today
    if edge == "previous":
        return add_days(anchor, -((anchor.weekday() - weekday - 1) % 7 + 1))
    return add_days(anchor, (weekday - anchor.weekday() - 1) % 7 + 1)


def _deictic(word: str, context: Context) -> date:
    steps = {"yesterday": -1, "tomorrow": 1, "the day before yesterday": -2, "the day after tomorrow": 2}
    steps |= {"last night": -1, "yesterday night": -1, "tomorrow night": 1}
    return add_days(context.today, steps.get(word, 0))


def clock_value(words: str) -> str | None:
    """``T17:00`` of "5 p.m.", ``T05:05Z`` of "05:05 UTC"; midnight ends its day (T24:00)."""
    text = words.lower()
    zone = "Z" if "utc" in text else ""
    if "noon" in text or "midday" in text:
        return "T12:00" + zone
    if "midnight" in text:
        return "T24:00" + zone
    match = re.search(r"(\d{1,2})(?:[:.](\d\d)|(?<=\d\d)(\d\d)(?!\d))?", text)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or match[3] or 0)
    half = re.search(r"([ap])\.?\s?m\b", text)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half[1] == "p" else 0)
    return f"T{hour:02d}:{minute:02d}{zone}" if hour < 24 and minute < 60 else None


def _resolve(match: re.Match[str], context: Context) -> Value | None:
    day = day_of(match, context)
    if day is None:
        return None
    iso = day.isoformat()
    context.remember("day", match.start(), iso)
    clock = match["clock"] or match["clock2"]
    if clock and (time := clock_value(clock)):
        context.remember("hour", match.start(), time[1:3])
        return Value("TIME", iso + time)
    mod = _MODS.get((match["mod"] or "").lower().rstrip("- "))
    deictic = (match.groupdict().get("deictic") or "").lower()
    part = match["part1"] or match["part2"] or deictic
    code = next((code for word, code in PARTS_OF_DAY.items() if word in part.lower()), None) if part else None
    if code:
        return Value("TIME", f"{iso}T{code}", mod)
    return Value("TIME", f"{iso}TNI") if deictic == "tonight" else Value("DATE", iso, mod)


def _numeric(match: re.Match[str], context: Context) -> Value | None:
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    if year < 100:
        year += 1900 if year > context.today.year % 100 + 20 else 2000
    month, day = (first, second) if first <= 12 and match["sep"] == "/" else (second, first)
    try:
        found = date(year, month, day).isoformat()
    except ValueError:
        return None
    context.remember("day", match.start(), found)
    return Value("DATE", found)


def _iso(match: re.Match[str], context: Context) -> Value | None:
    try:
        found = date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None
    context.remember("day", match.start(), found)
    return Value("TIME", f"{found}T{match[4]}") if match[4] else Value("DATE", found)


def _bare_clock(match: re.Match[str], context: Context) -> Value | None:
    time = clock_value(match["clock"])
    named = context.last_named("day", match.start(), within=200) if "the day" not in match[0].lower() else None
    return Value("TIME", (named or context.today.isoformat()) + time) if time else None


def _day_range(match: re.Match[str], context: Context) -> Value | None:
    """ "March 6 to 10", "10-15 Feb": one mention, ``first/last``."""
    month = month_number(match["month"])
    year = int(match["year"]) if match["year"] else None
    days = []
    for name in ("a", "b"):
        day = int(re.sub(r"\D", "", match[name]))
        if year:
            try:
                days.append(date(year, month, day))
            except ValueError:
                return None
        elif found := nearest_day(
            month, day, today=context.today, direction=context.direction(match.start(), match.end())
        ):
            days.append(found)
    if len(days) < 2 or days[0] >= days[1]:
        return None
    return Value("DATE", f"{days[0].isoformat()}/{days[1].isoformat()}")


def _from_day(match: re.Match[str], context: Context) -> Value | None:
    """ "48 hours from Tuesday", "a week from Tuesday", "three days after Monday"."""
    day = day_of(match, context)
    amount = number(match["n"])
    if day is None or amount is None or match.string[: match.start()].endswith("for "):
        return None
    unit = match["unit"].lower()
    days = {"hour": amount / 24, "day": amount, "week": 7 * amount, "fortnight": 14 * amount}[unit]
    sign = -1 if match["way"].lower() == "before" else 1
    return Value("DATE", add_days(day, sign * round(days)).isoformat())


def _week_of(match: re.Match[str], context: Context) -> Value | None:
    day = day_of(match, context)
    return Value("DATE", week_value(day)) if day else None


_OFFSET = rf"(?P<n>{NUMBER}|an?) (?P<unit>hour|day|week|fortnight)s? (?P<way>from|after|before) "

RULES: tuple[Rule, ...] = (
    *(rule(name, rf"{_BEFORE}{core}{_AFTER}", _resolve) for name, core in _CORE.items()),
    *(rule(f"from_{name}", rf"{_OFFSET}{core}", _from_day) for name, core in _CORE.items()),
    rule("week_of", rf"the week (?:of|beginning|starting) {_CORE['month_day']}", _week_of),
    rule("iso", r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d)(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d-])", _iso),
    rule("numeric", r"(?P<a>\d{1,2})(?P<sep>[/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d\d)(?![\d/.]\d|\d)", _numeric),
    rule(
        "days",
        rf"(?P<month>{MONTH})\s?(?P<a>{DAY_NUMBER})\s?(?:to|-|–"
        rf"|through)\s?(?P<b>{DAY_NUMBER})(?:,? (?P<year>{YEAR}))?",
        _day_range,
    ),
    rule(
        "days2",
        rf"(?P<a>{DAY_NUMBER})\s?(?:to|and|-|–)\s?(?P<b>{DAY_NUMBER}) (?P<month>{MONTH})(?:,? (?P<year>{YEAR}))?",
        _day_range,
    ),
    rule("clock", rf"(?:(?:exactly|about|around|shortly before|shortly after) )?(?P<clock>{CLOCK})", _bare_clock),
)
