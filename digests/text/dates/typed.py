"""Periods as people type them in a chat: "next week", "since 10 Feb", "last 3 days", "before Friday"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from digests.model import TimeExpression
from digests.text.dates.grammar import find
from digests.text.dates.values import Direction, add_days, add_months, after, day_range
from digests.text.dates.words import MONTHS, WEEKDAYS, month_number

_LEAD = re.compile(
    r"(?:^|(?<=\s))(since|from|after|before|by|until|till|up to|through|on|in|during|over|within|for"
    r"|between|as of|at|dated|of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_JOIN = re.compile(r"\s*(?:to|and|until|till|through|[-–—])\s*(?:the\s+)?", re.IGNORECASE)
_ABBREVIATED = re.compile(r"(?<![\w-])(mon|tues?|wed|thur?s?|fri|sat|sun)(?![\w-])", re.IGNORECASE)
_COUNT = re.compile(
    r"(?<!\w)(?:the )?(?P<way>last|past|next|coming)\s+(?P<n>\d{1,4}|a|an|one|two|three|four|five|six"
    r"|seven|eight|nine|ten|twelve|few|couple of)\s+(?P<unit>day|week|fortnight|month|year)s?(?!\w)"
    r"|(?<!\w)(?P<n2>\d{1,4}) ?(?P<unit2>d|w|day|week)s?(?!\w)",
    re.IGNORECASE,
)
_BETWEEN_DAYS = re.compile(r"(?<!\w)(\d{1,2})(?:st|nd|rd|th)?(\s*(?:-|–|to|and)\s*)$", re.IGNORECASE)
_MONTH_ALONE = re.compile(r"(?<!\w)(jan|feb|mar|apr|may|march|jun|jul|aug|sep|sept|oct|nov|dec)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days meant, inclusive; an open side is None.

    ``start``/``end``: the stretch of the text used, its lead word ("since") included, so that it can be cut out.
    """

    first: date | None
    last: date | None
    start: int
    end: int


def parse_period(text: str, *, today: date, ahead: bool) -> Period | None:
    """The first period named in what somebody typed, or None.

    ``ahead``: a bare weekday, month or day looks forward (deadlines) rather than back (what was said).

    >>> parse_period("next week", today=date(2020, 2, 15), ahead=True)
    Period(first=datetime.date(2020, 2, 17), last=datetime.date(2020, 2, 23), start=0, end=9)
    """
    counted = _counted(text, today=today, ahead=ahead)
    times = _times(text, today=today, ahead=ahead)
    if counted and (not times or counted.start <= times[0][0].start):
        return counted
    return _first_period(text, times) if times else None


def _times(text: str, *, today: date, ahead: bool) -> list[tuple[TimeExpression, tuple[date, date]]]:
    typed, offsets = _spelt_out(text)

    def direction(start: int, _end: int) -> Direction:
        since = re.search(r"\bsince\s+$", typed[:start], re.IGNORECASE)
        return "back" if since or not ahead else "ahead"

    found = find(typed, today=today, direction=direction)
    ranged = []
    for time in found:
        days = day_range(time.value, today=today)
        if days:
            start, end = offsets[time.start], offsets[time.end]
            moved = TimeExpression(
                start=start, end=end, text=text[start:end], type=time.type, value=time.value, mod=time.mod
            )
            ranged.append((moved, days))
    return ranged


def _spelt_out(text: str) -> tuple[str, list[int]]:
    """The text with short names written out as the grammar expects, and where each offset came from."""
    out: list[str] = []
    offsets: list[int] = []
    at = 0
    for match in sorted([*_ABBREVIATED.finditer(text), *_MONTH_ALONE.finditer(text)], key=lambda m: m.start()):
        whole = next((day for day in WEEKDAYS if day.startswith(match[0].lower()[:3])), match[0])
        if match.re is _MONTH_ALONE:
            whole = MONTHS[month_number(match[0]) - 1].capitalize()
            if not _is_month(text, match):
                continue
        out.append(text[at : match.start()] + whole)
        offsets += range(at, match.start())
        offsets += [match.start()] * len(whole)
        at = match.end()
    out.append(text[at:])
    return "".join(out), [*offsets, *range(at, len(text) + 1)]


def _is_month(text: str, match: re.Match[str]) -> bool:
    """ "may" alone is a word; "in may", "may 3", "10 may" is a month."""
    return match[0].lower() not in {"may", "march", "mar"} or bool(
        re.search(r"(?:\d|\b(?:in|since|until|by|before|after|last|next|this|from|to|of))\W$", text[: match.start()])
        or re.match(r"\s\d", text[match.end() :])
        or text.strip() == match[0]
    )


def _first_period(text: str, times: list[tuple[TimeExpression, tuple[date, date]]]) -> Period:
    time, (first, last) = times[0]
    lead = _LEAD.search(text[: time.start])
    word = lead[1].lower() if lead else ""
    start, end = (lead.start() if lead else time.start), time.end
    if len(times) > 1 and word not in {"before", "by"}:
        other, (_, other_last) = times[1]
        join = _JOIN.fullmatch(text[time.end : other.start])
        if join and other_last >= first and (join[0].strip().lower() != "and" or word == "between"):
            return Period(first=first, last=other_last, start=start, end=other.end)
    days = _BETWEEN_DAYS.search(text[: time.start])
    if days and first == last and int(days[1]) < first.day:
        opening = _LEAD.search(text[: days.start()])
        return Period(
            first=first.replace(day=int(days[1])),
            last=last,
            start=opening.start() if opening else days.start(),
            end=end,
        )
    return _bounded(word, first, last, start, end)


def _bounded(word: str, first: date, last: date, start: int, end: int) -> Period:
    if word in {"since", "from", "as of"}:
        return Period(first=first, last=None, start=start, end=end)
    if word == "after":
        return Period(first=add_days(last, 1), last=None, start=start, end=end)
    if word == "before":
        return Period(first=None, last=add_days(first, -1), start=start, end=end)
    if word in {"by", "until", "till", "up to", "through"}:
        return Period(first=None, last=last, start=start, end=end)
    return Period(first=first, last=last, start=start, end=end)


_SMALL = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8}
_SMALL |= {"nine": 9, "ten": 10, "twelve": 12, "few": 3, "couple of": 2}


def _counted(text: str, *, today: date, ahead: bool) -> Period | None:
    """ "last 3 days" ends today, "next 2 weeks" starts today; both count today."""
    match = _COUNT.search(text)
    if match is None:
        return None
    words, unit = (match["n"] or match["n2"]).lower(), (match["unit"] or match["unit2"]).lower()
    amount = _SMALL[words] if words in _SMALL else int(words)
    if not 1 <= amount <= 5000:
        return None
    forward = match["way"].lower() in {"next", "coming"} if match["way"] else ahead
    code = {"day": "D", "d": "D", "week": "W", "w": "W", "month": "M", "year": "Y", "fortnight": "W"}[unit]
    amount *= 2 if unit == "fortnight" else 1
    lead = _LEAD.search(text[: match.start()])
    start = lead.start() if lead else match.start()
    if forward:
        return Period(first=today, last=after(today, f"P{amount}{code}"), start=start, end=match.end())
    return Period(first=_before(today, amount, code), last=today, start=start, end=match.end())


def _before(today: date, amount: int, code: str) -> date:
    if code in "DW":
        return add_days(today, 1 - amount * (7 if code == "W" else 1))
    return add_months(today, -amount * (12 if code == "Y" else 1))
