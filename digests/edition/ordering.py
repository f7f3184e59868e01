"""Reads what somebody orders: ``daily 08:00 Istanbul people Oktay "peace talks" -football full``. Pure.

Keywords come in any order. What is no keyword is a word to look for; a city counts as the zone right after the time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from digests.edition.model import Frequency, Length, WhenEmpty
from digests.edition.times import WEEKDAYS, time_in
from digests.errors import UserError
from digests.text.countries import country
from digests.text.folding import fold
from digests.text.wordlist import words

Named = Callable[[str], str | None]
"""A city or zone -> its IANA name; a language -> its code; ``None`` for anything else."""
MOST_WORDS = 50
LONGEST_WORD = 100
_TOKEN = re.compile(r'([+-]?)"([^"]*)"?|(\S+)')
_CURLY = str.maketrans("“”„«»−–—", '"""""---')  # as telephones write them
_FREQUENCIES: dict[str, Frequency] = {
    "daily": "daily",
    "everyday": "daily",
    "weekdays": "weekdays",
    "weekday": "weekdays",
    "workdays": "weekdays",
    "mon-fri": "weekdays",
    "monday-friday": "weekdays",
    "weekly": "weekly",
    "hourly": "hourly",
}
_EVERY: dict[str, Frequency] = {"day": "daily", "week": "weekly", "hour": "hourly"}
"""After "every"."""
_HALVES: dict[str, time] = {"morning": time(8), "afternoon": time(14), "evening": time(18), "night": time(21)}
"""Parts of a day, and the time they mean where none is said."""
_BEFORE_HALVES = words("every each at this in on")
_ABBREVIATED = words("est edt cst cdt mst mdt pst pdt bst cet cest eet eest msk trt ist jst")
_OFFSET = re.compile(r"(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?")
_LISTS = {
    "people": "people",
    "person": "people",
    "source": "sources",
    "sources": "sources",
    "from": "sources",
    "about": "topic",
    "topic": "topic",
    "topics": "topic",
}
_LENGTHS: dict[str, Length] = {"short": "short", "full": "full"}
_EMPTY: dict[str, WhenEmpty] = {"silent": "silence", "silently": "silence", "always": "line"}
_ZONES = words("zone timezone tz in")
_LANGUAGES = words("language lang")
_PASSED_OVER = words("every each at on the a an and or for with me digest digests news words word please this")
_KEYWORDS = {"at", "every", "zone", "timezone", "tz", *_LANGUAGES, *_FREQUENCIES, *_LISTS, *_LENGTHS, *_EMPTY}
"""What ends a list of names."""
_LONGEST_NAME = 4
"""Words that a city or a language has at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was ordered; ``None`` or empty where nothing was said.

    ``people`` and ``sources``: names as typed. ``town``: what was taken for a city although no keyword said so.
    ``thread``: into this very thread.
    """

    frequency: Frequency | None = None
    at: time | None = None
    weekday: int | None = None
    zone: str | None = None
    town: str = ""
    language: str | None = None
    length: Length | None = None
    when_empty: WhenEmpty | None = None
    thread: bool = False
    people: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


def read(text: str, *, zone_named: Named, language_named: Named) -> Order:
    """An order as somebody typed it. Raises ``UserError`` that says what to write instead."""
    reading = _Reading(tokens=_tokens(text), zone_named=zone_named, language_named=language_named)
    while reading.more:
        _take(reading)
    return _finished(reading)


@dataclass(frozen=True, slots=True)
class _Token:
    """``sign``: "+", "-" or "". ``whole``: it stood in quotation marks."""

    text: str
    sign: str = ""
    whole: bool = False

    @property
    def key(self) -> str:
        return "" if self.whole or self.sign else self.text.rstrip(",;:.!?").casefold()


@dataclass(slots=True)
class _Reading:
    """How far reading has come, and what was understood so far."""

    tokens: list[_Token]
    zone_named: Named
    language_named: Named
    place: int = 0
    said: dict[str, Any] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    daily: bool = False
    """"Every morning" was said; "every morning on weekdays" is less."""

    @property
    def more(self) -> bool:
        return self.place < len(self.tokens)

    @property
    def token(self) -> _Token:
        return self.tokens[self.place]

    def key(self, ahead: int = 0) -> str:
        at = self.place + ahead
        return self.tokens[at].key if 0 <= at < len(self.tokens) else ""

    def say(self, name: str, value: object, *, length: int = 1) -> None:
        """Understand something; saying it twice and differently is a mistake that nobody can guess right."""
        typed = " ".join(token.text for token in self.tokens[self.place : self.place + length])
        if self.said.get(name, value) != value:
            raise UserError(f"“{self.typed[name]}” and “{typed}” do not go together. Order two digests, one by one.")
        self.said[name], self.typed[name] = value, typed
        self.place += length

    def add(self, name: str, value: str) -> None:
        found = self.lists.setdefault(name, [])
        if value and value not in found:
            found.append(value)


def _tokens(text: str) -> list[_Token]:
    found = []
    for sign, phrase, word in _TOKEN.findall(text.translate(_CURLY)):
        if word:
            signed = word[0] in "+-" and len(word) > 1
            found.append(_Token(text=word[1:] if signed else word, sign=word[0] if signed else ""))
        elif phrase.strip():
            found.append(_Token(text=" ".join(phrase.split()), sign=sign, whole=True))
    return found


def _take(reading: _Reading) -> None:
    """Understand what comes next, one or several words of it."""
    key, before = reading.key(), reading.key(-1)
    day = _day(key)
    if key in _FREQUENCIES:
        reading.say("frequency", _FREQUENCIES[key])
    elif day == 0 and reading.key(1) in ("to", "till", "through", "until") and _day(reading.key(2)) == 4:
        reading.say("frequency", "weekdays", length=3)
    elif key == "twice" and reading.key(1) in ("a", "daily", "per", "every"):
        raise UserError("A digest has one time of day. Order two, one by one: daily 08:00, then daily 18:00.")
    elif _take_half(reading):
        return
    elif key in _EVERY and before in ("every", "each"):
        reading.say("frequency", _EVERY[key])
    elif day is not None:
        reading.say("weekday", day)
    elif key in _LENGTHS:
        reading.say("length", _LENGTHS[key])
    elif key in _EMPTY:
        reading.say("when_empty", _EMPTY[key])
    elif key == "thread":
        reading.say("thread", True)
    elif key in _LANGUAGES:
        _take_language(reading)
    elif key in _LISTS:
        _take_list(reading, _LISTS[key])
    elif not (_take_time(reading) or _take_zone(reading)):
        _take_word(reading)


def _day(key: str) -> int | None:
    """The number of a day of the week, 0 for Monday: mon, monday, mondays."""
    return WEEKDAYS.get(key.removesuffix("s") if key.endswith("days") else key)


def _take_half(reading: _Reading) -> bool:
    """``every evening``, ``8 in the evening``, ``at night``, ``Monday mornings``."""
    key, before = reading.key().removesuffix("s"), reading.key(-1)
    if before == "the":
        before = reading.key(-2)
    if key not in _HALVES or not (before in _BEFORE_HALVES or _day(before) is not None):
        return False
    reading.daily |= before in ("every", "each")
    reading.say("half", key)
    return True


def _take_time(reading: _Reading) -> bool:
    """A time of day, and a city right behind it."""
    after = reading.key(-1)
    expected = "at" not in reading.said and (after in ("", "at") or after in _FREQUENCIES or _day(after) is not None)
    found = time_in([reading.key(), reading.key(1)], bare=expected)
    if found is None:
        return False
    reading.say("at", found.at, length=found.words)
    _no_offset(reading)
    for length in range(_LONGEST_NAME, 0, -1):
        town = " ".join(filter(None, (reading.key(step) for step in range(length))))
        zone = reading.zone_named(town) if town.count(" ") == length - 1 else None
        if zone and ("/" in zone or zone == "UTC") and country(town.title()) is None and country(town) is None:
            reading.say("zone", zone, length=length)
            reading.said["town"] = town
            break
    return True


def _no_offset(reading: _Reading) -> None:
    """Refuse what tells a clock but not when it is changed; to look for it as a word would be a bad guess."""
    token = reading.tokens[reading.place] if reading.more else _Token(text="")
    typed = f"{token.sign}{token.text}".rstrip(",;:.!?")
    if not token.whole and (typed.casefold() in _ABBREVIATED or _OFFSET.fullmatch(typed.casefold())):
        raise UserError(f"“{typed}” does not say when clocks are changed. Name a large city instead: zone Istanbul.")


def _take_zone(reading: _Reading) -> bool:
    """``zone New York``, ``in Istanbul``, ``in German``."""
    key = reading.key()
    if key not in _ZONES:
        return False
    for length in range(_LONGEST_NAME, 0, -1):
        named = " ".join(filter(None, (reading.key(step + 1) for step in range(length))))
        zone = reading.zone_named(named) if named.count(" ") == length - 1 else None
        language = reading.language_named(named) if key == "in" and zone is None else None
        if zone or language:
            reading.say("zone" if zone else "language", zone or language, length=length + 1)
            return True
    if key == "in":
        reading.place += 1  # "news in Syria": what follows is looked for
        return True
    name = reading.tokens[reading.place + 1].text if reading.key(1) else ""
    raise UserError(f"No time zone is called “{name}”. Write a large city or an IANA name: zone Istanbul.")


def _take_language(reading: _Reading) -> None:
    name = reading.tokens[reading.place + 1].text if reading.key(1) else ""
    language = reading.language_named(name) if name else None
    if language is None:
        known = f"No language is called “{name}”. " if name else ""
        raise UserError(f"{known}Write a language's name or code: language German, language de.")
    reading.say("language", language, length=2)


def _take_list(reading: _Reading, name: str) -> None:
    """Names up to the next keyword, parted by commas; of a topic all words must occur, unless commas part several."""
    keyword = reading.key()
    reading.place += 1
    parts: list[list[_Token]] = [[]]
    while reading.more and not _ends_list(reading, parts[-1], name):
        token = reading.token
        if token.whole or token.text.strip(",;"):
            parts[-1].append(token)
        reading.place += 1
        if token.text.endswith((",", ";")) and not token.whole:
            parts.append([])
        elif reading.key() in ("and", "or"):
            parts.append([])
            reading.place += 1
    told = [[token.text if token.whole else token.text.strip(",;") for token in part] for part in parts if part]
    if not told:
        example = {"people": "people Oktay, Sergei Lavrov", "sources": "sources Reuters", "topic": "about Idlib"}[name]
        raise UserError(f"After “{keyword}” comes a name: {example}.")
    if name == "topic" and len(told) == 1:
        for word in told[0]:
            reading.add("must", word)
        return
    for each in told:
        reading.add("words" if name == "topic" else name, " ".join(each))


def _ends_list(reading: _Reading, part: Sequence[_Token], name: str) -> bool:
    """Whether a list of names is over: a sign, a keyword, a time or (after a name) a phrase comes."""
    key = reading.key()
    if reading.token.sign or key in _KEYWORDS or (reading.token.whole and part and name != "topic"):
        return True
    return time_in([key, reading.key(1)], bare=False) is not None


def _take_word(reading: _Reading) -> None:
    """A word or phrase to look for, to demand or to leave out."""
    token = reading.token
    reading.place += 1
    if token.key in _PASSED_OVER:
        return
    text = token.text if token.whole else token.text.strip(",;")
    if not fold(text):
        return
    if len(text) > LONGEST_WORD:
        raise UserError(f"“{text[:30]}…” is too long to look for: at most {LONGEST_WORD} characters.")
    reading.add({"+": "must", "-": "without"}.get(token.sign, "words"), text)


def _finished(reading: _Reading) -> Order:
    """The order, if it makes sense as a whole."""
    said, lists = reading.said, reading.lists
    if sum(len(found) for found in lists.values()) > MOST_WORDS:
        raise UserError(f"That is too much to look for: at most {MOST_WORDS} words, phrases and names a digest.")
    if "weekday" in said and said.get("frequency", "weekly") != "weekly":
        raise UserError(f"“{said['frequency']}” and a day of the week do not go together. Write: weekly mon 09:00")
    if "weekday" in said:
        said["frequency"] = "weekly"
    if said.get("frequency") == "weekly" and "weekday" not in said:
        raise UserError("On which day of the week? Write it like this: weekly mon 09:00")
    if reading.daily:
        said.setdefault("frequency", "daily")
    if half := said.pop("half", ""):
        said["at"] = _in_half(said.get("at"), half)
    said.update({name: tuple(found) for name, found in lists.items()})
    return replace(Order(), **said)


def _in_half(at: time | None, half: str) -> time:
    """The time of day that is meant: 8 in the evening is 20:00, and 2 at night is 02:00."""
    if at is None:
        return _HALVES[half]
    first = {"morning": 12, "afternoon": 1, "evening": 1, "night": 6}[half]
    return at.replace(hour=at.hour + 12) if first <= at.hour < 12 else at
