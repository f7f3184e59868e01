"""The day or days something is due (labels' conventions 2, due)."""

from __future__ import annotations

from datetime import date

from digests.model import Boundary, TimeExpression
from digests.text import dates


def due_days(time: TimeExpression, *, class_: str, boundary: Boundary, said_on: date) -> tuple[date, date] | None:
    """First and last day due: one day for a deadline, the period for a plan; None where the value names no days.

    A state's end or start is one day if a day is named or a bound is given, else the period ("expires in 2031").
    """
    if time.type == "DURATION" or time.value.startswith("P"):
        end = dates.after(said_on, time.value)
        return (end, end) if end else None
    days = dates.day_range(time.value, today=said_on)
    if days is None:
        return None
    first, last = days
    if boundary == "from":
        return first, first
    if (
        class_ == "D"
        or (time.mod == "END" and "end" in time.text.lower())
        or (class_ == "E" and boundary in {"until", "by", "before"})
    ):
        return last, last
    return first, last
