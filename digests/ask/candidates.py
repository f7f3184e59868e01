"""What in a passage could be the answer: names, numbers, sums, days, by the kind that is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from digests.ask.question import STOP, Kind, Question
from digests.text.countries import country, demonym
from digests.text.folding import fold
from digests.text.terms import country_term, terms
from digests.text.wordlist import words

_PART = r"(?:(?:[A-Z]\.)+(?:\s?[A-Z]\.)*|(?:St|Dr|Jr|Sr|Mt|Gen|Gov|Sen|Rep)\.|[A-Z][\w’'&-]*(?:\.(?=[A-Za-z])[\w]+)*)"
_NAME = re.compile(
    rf"(?<![\w’'.]){_PART}(?:(?:\s+(?:of|the|and|de|von|al|for|&)){{0,2}}\s+(?:{_PART}|\d+(?![\w,.]*\d)))*"
)
_PARTY = re.compile(r"[RD]-\w{1,4}\.?|Rep|Dem")
_QUOTED = re.compile(r"[“\"]([^“”\"]{3,60}?)[,.]?[”\"]")
_MONEY = re.compile(
    r"(?:US|A|C)?[$£€]\s?\d[\d,.]*(?:\s?(?:million|billion|trillion|m|bn|k)\b)?"
    r"|\b\d[\d,.]*\s(?:(?:million|billion|trillion)\s)?(?:dollars|pounds|euros)\b",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"\b\d[\d.]*\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_DIGITS = "one|two|three|four|five|six|seven|eight|nine"
_SPELT = f"{_DIGITS}|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_NUMBER = re.compile(
    rf"(?<![$£€\w.,-])(?:\d[\d,]*(?:\.\d+)?|(?:{_SPELT})(?:-(?:{_DIGITS}))?)"
    r"(?:\s(?:million|billion|trillion|thousand|hundred))?(?![\w%]|-\w)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SINCE = re.compile(r"\bsince(?: when)?\s*[:?]")
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}\s+)?(?:{_MONTHS}|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)(?:\s+\d{{1,2}})?(?:,?\s+(?:19|20)\d\d)?(?!\w)"
    r"|\b(?:19|20)\d\d\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
_STATES = frozenset(
    re.split(
        ", ",
        "Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Georgia, "
        "Hawaii, Idaho, Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, "
        "Michigan, Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, "
        "New Mexico, New York, North Carolina, North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode "
        "Island, South Carolina, South Dakota, Tennessee, Texas, Utah, Vermont, Virginia, Washington, West "
        "Virginia, Wisconsin, Wyoming",
    )
)
_LEADS = STOP | words(
    "mr mrs ms dr sen rep gov captain colonel general professor sir dame judge king queen pope prince princess former",
    "president prime minister read photo photos video image images caption hide source",
    "related editor note yes while although though because however even last first here now monday tuesday wednesday",
    "thursday friday saturday sunday january february march april june july august september october november december",
    "getty reuters ap afp cnn associated press ad feedback another including beginning meanwhile since still today",
    "until every each both despite instead later earlier according im its thats theres dont",
)
"""Words that begin a sentence or a caption rather than a name."""
_TAILS = words("of the and a in to for de von al")
_NUMERIC = frozenset({"money", "percent", "count", "date"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A possible answer: ``text`` as printed (a country by its usual name), where it starts, ``key`` to compare by."""

    text: str
    start: int
    key: str
    terms: tuple[str, ...]


def candidates(question: Question, text: str) -> list[Candidate]:
    """All possible answers of the asked kind in a text, in order; what the question itself says is none."""
    found = []
    for printed, start in _printed(question.kind, text):
        shown = _meant(question, printed)
        own, key = _known(shown) if shown else ((), "")
        if not own or not key:
            continue
        if question.kind == "country":
            if country_term(shown) not in question.own:
                found.append(Candidate(text=shown, start=start, key=key, terms=own))
        elif not all(each in question.own or each in STOP for each in own):
            found.append(Candidate(text=shown, start=start, key=key, terms=own))
    return found


@lru_cache(maxsize=50_000)
def _known(text: str) -> tuple[tuple[str, ...], str]:
    return tuple(terms(text)), fold(text).removeprefix("the ")


def _printed(kind: Kind, text: str) -> Iterator[tuple[str, int]]:
    if kind == "open":
        return
    if kind in _NUMERIC:
        rule: re.Pattern[str] = {"money": _MONEY, "percent": _PERCENT, "count": _NUMBER, "date": _DATE}[kind]
        for match in rule.finditer(text):
            if kind != "count" or not _YEAR.fullmatch(match[0]):
                yield match[0].strip(" .,"), match.start()
        return
    for match in _NAME.finditer(text):
        yield from _names(match[0], match.start(), apart=kind != "thing")
    if kind == "thing":
        for match in _QUOTED.finditer(text):
            yield match[1], match.start(1)


def _names(printed: str, start: int, *, apart: bool) -> Iterator[tuple[str, int]]:
    """A name without what leads into it; ``apart``: "Denmark and Iceland" are two."""
    at = 0
    for part in re.split(r"(\s+and\s+|(?<=[’']s)\s+)", printed) if apart else [printed]:
        parts = part.split()
        skipped = 0
        while parts and fold(parts[0]) in _LEADS:
            skipped += 1
            parts = parts[1:]
        while parts and fold(parts[-1]) in _TAILS:
            parts = parts[:-1]
        name = re.sub(r"[’']s?$", "", " ".join(parts)).strip(" .,'’-")
        if len(name) > 1 and not name[0].isdigit():
            yield name, start + at + (part.find(parts[0]) if skipped else 0)
        at += len(part)


def _meant(question: Question, printed: str) -> str:
    """The answer as it is given; "" where it is not of the kind."""
    kind = question.kind
    if kind == "country":
        return country(printed) or demonym(printed) or demonym(printed.split()[0]) or ""
    if kind == "state":
        return printed if printed in _STATES else ""
    if kind == "date":
        return printed if _day_fits(question, printed) else ""
    if kind == "place":
        home = demonym(printed)
        return (home or printed) if not question.head or not (home or country(printed)) else ""
    if kind in ("name", "thing") and (_PARTY.fullmatch(printed) or demonym(printed) or printed.isdigit()):
        return ""
    return printed


def _day_fits(question: Question, printed: str) -> bool:
    """A month where a month is asked for, a year where a year is; since when, a day of a year."""
    if "month" in question.own:
        return re.search(_MONTHS, printed) is not None
    if "year" in question.head or _SINCE.search(question.text):
        return _YEAR.search(printed) is not None
    return True
