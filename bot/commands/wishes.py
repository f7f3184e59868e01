"""What somebody who types ``/follow`` or ``/mute`` wishes, read as people write it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.commands.asked import search_words
from digests.edition.model import Wanted

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
MOST_HOURS = 24 * 90
MOST_PHRASES = 12
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_COUNT = rf"(\d{{1,4}}|{'|'.join(_NUMBERS)})"
_LENGTH = rf"{_COUNT}\s*(weeks?|w|days?|d|hours?|hrs?|h)"
_SPAN = re.compile(_LENGTH, re.IGNORECASE)
_REMIND = re.compile(
    rf"(?:^|[\s,])remind(?:ers?)?(?:\s+me)?(?:\s+{_LENGTH}\b(?:\s+(?:before(?:hand)?|ahead))?)?\s*,?", re.IGNORECASE
)
_URGENT = re.compile(r"(?:^|[\s,])urgent(?:ly)?[\s,.!]*(?=$|remind)", re.IGNORECASE)
_STORY = re.compile(r"story\s+#?(\d{1,18})", re.IGNORECASE)
_DUES = re.compile(r"(?:all\s+)?deadlines?\b(.*)", re.IGNORECASE)
_WORDS = re.compile(r"words?\b\s*:?(.+)", re.IGNORECASE)
_PHRASE = re.compile(r"([+-]?)(?:[\"“”„]([^\"“”„]+)[\"“”„]|([^\s,]+))")
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be followed. ``who``: a name, where it may be one; ``story``: a number; ``wanted``: the words."""

    kind: Literal["named", "story", "deadlines", "words"]
    who: str = ""
    story: int = 0
    wanted: Wanted
    urgent: bool = False
    remind_hours: int = 0


def read_wish(text: str) -> Wish | None:
    """What is to be followed; ``None`` when nothing is named.

    >>> wish = read_wish("deadlines Turkey urgent remind 2 days")
    >>> wish.kind, wish.wanted.must, wish.urgent, wish.remind_hours
    ('deadlines', ('Turkey',), True, 48)
    """
    text, hours = _taken(text)
    text, urgent = (_URGENT.sub(" ", text), True) if _URGENT.search(text) else (text, False)
    text = " ".join(text.split()).strip(" ,;:?!")
    story, dues, words = _STORY.fullmatch(text), _DUES.fullmatch(text), _WORDS.fullmatch(text)
    if story:
        return Wish(kind="story", story=int(story[1]), wanted=Wanted(), urgent=urgent, remind_hours=hours)
    if dues:
        about = read_words(_topic(dues[1]), all_of=True)
        return Wish(kind="deadlines", wanted=about, urgent=urgent, remind_hours=hours)
    wanted = read_words(words[1] if words else text, all_of=not words)
    if not (wanted.words or wanted.must):
        return None
    named = not words and not re.search(r"[\"“”„]|(?:^|\s)[+-]", text)
    kind: Literal["named", "words"] = "named" if named else "words"
    return Wish(kind=kind, who=text if named else "", wanted=wanted, urgent=urgent, remind_hours=hours)


def read_words(text: str, *, all_of: bool) -> Wanted:
    """Words and "phrases" to be followed: ``+must``, ``-not``; the others are all needed, or any of them will do.

    >>> read_words('ceasefire "peace talks" -football', all_of=False)
    Wanted(words=('ceasefire', 'peace talks'), must=(), without=('football',), people=(), sources=())
    """
    found = [(sign, " ".join((phrase or word).split()), bool(phrase)) for sign, phrase, word in _PHRASE.findall(text)]
    found = [each for each in found if _LETTER.search(each[1])]
    telling = set(search_words(" ".join(said for sign, said, quoted in found if not (sign or quoted))).split())
    plain = [said for sign, said, quoted in found if not sign and (quoted or said in telling)]
    must = [said for sign, said, _ in found if sign == "+"]
    return Wanted(
        words=() if all_of else _few(plain),
        must=_few([*plain, *must]) if all_of else _few(must),
        without=_few([said for sign, said, _ in found if sign == "-"]),
    )


def _few(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(phrases))[:MOST_PHRASES]


def span_hours(text: str) -> int | None:
    """A length of time in hours: "2 days", "an hour", "1 week"; ``None`` when it is none, or longer than 90 days."""
    found = _SPAN.fullmatch(text.strip())
    hours = _hours(found[1], found[2]) if found else 0
    return hours if 0 < hours <= MOST_HOURS else None


def mute_until(text: str, *, now: datetime, zone: str) -> datetime | None:
    """Until when to be silent: "3 hours", "today", "forever"; ``None`` when no time is named."""
    said = " ".join(text.casefold().split()).removeprefix("for ").strip(" .!")
    if said in ("forever", "always", "for good", "ever"):
        return FOREVER
    here = now.astimezone(ZoneInfo(zone))
    if said in ("today", "till tomorrow", "until tomorrow", "the rest of the day"):
        return datetime.combine(here.date() + timedelta(days=1), time(), here.tzinfo).astimezone(UTC)
    hours = span_hours(said)
    return now + timedelta(hours=hours) if hours else None


def span_text(hours: int) -> str:
    """A number of hours as people say it: "1 day", "36 hours"."""
    if hours % 24:
        return f"{hours} hour{'s' if hours != 1 else ''}"
    return f"{hours // 24} day{'s' if hours != 24 else ''}"


def _taken(text: str) -> tuple[str, int]:
    """The text without its wish for a reminder, and how many hours before; a day where no time is said."""
    found = _REMIND.search(text)
    if found is None:
        return text, 0
    hours = _hours(found[1], found[2]) if found[1] else 24
    return f"{text[: found.start()]} {text[found.end() :]}", min(max(hours, 1), MOST_HOURS)


def _hours(count: str, unit: str) -> int:
    number = _NUMBERS.get(count.casefold()) or int(count)
    return number * {"w": 168, "d": 24, "h": 1}[unit[0].casefold()]


def _topic(text: str) -> str:
    return re.sub(r"^\s*(?:of|for|about|on|in)\b", "", text, flags=re.IGNORECASE)
