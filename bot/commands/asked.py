"""What an argument asks for, read as people write it: names, a topic, days, a page. Pure.

``Cavusoglu about Idlib since 10 Feb page 2`` is somebody, a topic, a period and a page, in any order after the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from digests.text.dates import parse_period
from digests.text.wordlist import words

LAST_PAGE = 50
_PAGE = re.compile(r"(?:^|\s)page\s+(\d{1,3})\s*$", re.IGNORECASE)
_TOPIC = re.compile(r"(?:^|\s)(?:about|regarding|concerning|on)(?:\s+|$)", re.IGNORECASE)
_STORY = re.compile(r"(?:^|\s)(?:(?:in|of|across)\s+)?story\s+#?(\d{1,18})(?=\s|$)", re.IGNORECASE)
_FILLERS = words(
    "a about an and any are by for from in is of on or said say says the to was were what who with",
)
_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``words``: what is left when topic, days and page are taken out. Days are inclusive; an open side is None.

    ``question``: the whole argument without its page, as a button repeats it.
    """

    words: str = ""
    topic: str = ""
    since: date | None = None
    until: date | None = None
    story: int | None = None
    page: int = 1
    question: str = ""

    @property
    def dated(self) -> bool:
        return self.since is not None or self.until is not None


def read(text: str, *, today: date, ahead: bool = False, with_topic: bool = False, with_story: bool = False) -> Asked:
    """An argument taken apart.

    ``ahead``: days look forward (what is due) instead of back (what was said). ``with_topic``: what follows "about"
    is a topic of its own. ``with_story``: "story 7" is a story's number. A period never takes the
    last word: ``/said May`` asks for somebody named May.
    """
    question, page = _page(text)
    rest, story = _story(question) if with_story else (question, None)
    rest, since, until = _days(rest, today=today, ahead=ahead)
    left, topic = _topic(rest) if with_topic else (rest, "")
    return Asked(
        words=_tidy(left),
        topic=_tidy(topic),
        since=since,
        until=until,
        story=story,
        page=page,
        question=" ".join(question.split()),
    )


def search_words(text: str) -> str:
    """The words worth searching: without fillers, unless there are only those; "" when there is no letter or digit."""
    found = [word for word in text.split() if _WORD.search(word)]
    telling = [word for word in found if word.casefold().strip("?!.,") not in _FILLERS]
    return " ".join(telling or found)


def _page(text: str) -> tuple[str, int]:
    found = _PAGE.search(text)
    if found is None:
        return text, 1
    return text[: found.start()], max(1, min(int(found[1]), LAST_PAGE))


def _story(text: str) -> tuple[str, int | None]:
    found = _STORY.search(text)
    return (text, None) if found is None else (f"{text[: found.start()]} {text[found.end() :]}", int(found[1]))


def _days(text: str, *, today: date, ahead: bool) -> tuple[str, date | None, date | None]:
    """The text without its period (or "since ... until ..." as two), and the days meant."""
    since: date | None = None
    until: date | None = None
    for _ in range(2):
        period = parse_period(text, today=today, ahead=ahead)
        if period is None:
            break
        since = period.first if since is None else since
        until = period.last if until is None else until
        text = f"{text[: period.start]} {text[period.end :]}"
    return text, since, until


def _topic(text: str) -> tuple[str, str]:
    found = _TOPIC.search(text)
    return (text[: found.start()], text[found.end() :]) if found else (text, "")


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" ,;:?")
