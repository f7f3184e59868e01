"""What no log line may hold: secrets, whoever logs them, and the words that people typed.

Known secrets are taken out wherever they stand; what only looks like one (a token in an address, a password in another,
the signature of a link) is taken out by its shape, for not every secret stands in the settings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote

MASK, UNSAID = "***", "…"
SHORTEST = 6
"""A known secret of fewer characters is taken out only where it stands as a word: elsewhere it is chance."""
_NAMED = "sign|signature|start|(?:[a-z_-]*_)?(?:token|secret|password|api_?key)|passw(?:or)?d|apikey|client_secret"
_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<!\d)\d{6,}:[\w-]{30,}"), MASK),  # Telegram
    (re.compile(r"\bxox[a-z](?:\.xox[a-z])?-[\w-]{8,}|\bxapp-[\w-]{8,}"), MASK),  # Slack
    (re.compile(r"\bsk-[\w-]{16,}"), MASK),  # language models
    # (not the page of Slack's on which the secrets stand, "Basic Information": our own advice names it)
    (re.compile(r"\b(bearer|basic)\s+(?!Information\b)[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(rf"\b({_NAMED})=(?!{re.escape(MASK)})[^\s&'\",;)\]}}]{{3,}}", re.IGNORECASE), rf"\1={MASK}"),
    (
        re.compile(r"(['\"][\w-]*(?:token|secret|password|api_key)['\"]\s*[:,]\s*b?['\"])[^'\"]+", re.IGNORECASE),
        rf"\1{MASK}",
    ),
    (re.compile(r"(://)[^\s/@'\"]*:[^\s/@'\"]*@"), rf"\1{MASK}@"),
    (re.compile(r"(/[cf]/)[\w-]{20,}(?=\.ics|\.atom)"), rf"\1{MASK}"),
    (re.compile(r"(hooks\.slack\.com/)[^\s'\"]+"), rf"\1{MASK}"),  # a response_url is a key
)
_WORD = re.compile(r"\w+")
_FRAME = re.compile(r'^[ |]*File "[^"]*", line \d+', re.MULTILINE)


def redacting(secrets: Iterable[str] = ()) -> Callable[[str], str]:
    """A function that takes out the secrets, however they are quoted, and all that is shaped like one."""
    known = {form for secret in secrets if secret for form in _forms(secret)}
    alternatives = [
        re.escape(form) if len(form) >= SHORTEST else rf"(?<!\w){re.escape(form)}(?!\w)"
        for form in sorted(known, key=lambda form: (-len(form), form))
    ]
    secret = re.compile("|".join(alternatives)) if alternatives else None

    def redact(text: str) -> str:
        text = secret.sub(MASK, text) if secret else text
        for shape, instead in _SHAPES:
            text = shape.sub(instead, text)
        return text

    return redact


def _forms(secret: str) -> set[str]:
    """A secret as it is, in an address, in JSON and in a repr."""
    return {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], repr(secret)[1:-1]}


@lru_cache(maxsize=16)
def words_of(*texts: str) -> frozenset[str]:
    """The words of people's texts by which somebody could tell what was said; a short one of ASCII is none.

    The last texts are remembered: what goes to many is the same.
    """
    found = {word.casefold() for text in texts for word in _WORD.findall(text)}
    return frozenset(word for word in found if len(word) > 3 or not word.isascii())


def without(text: str, words: Collection[str]) -> str:
    """Text with each of these words replaced; where a traceback says in which file it was stays.

    >>> without('File "oktay.py", line 3: no Oktay here', {"oktay"})
    'File "oktay.py", line 3: no … here'
    """

    def said(part: str) -> str:
        return _WORD.sub(lambda each: UNSAID if each[0].casefold() in words else each[0], part)

    pieces, at = [], 0
    for frame in _FRAME.finditer(text):
        pieces += [said(text[at : frame.start()]), frame[0]]
        at = frame.end()
    return "".join([*pieces, said(text[at:])])


class Unsaid:
    """An argument of a log line, said without some words; they are looked for only if the line is written."""

    __slots__ = ("_value", "_words")

    def __init__(self, value: object, words: Callable[[], Collection[str]]) -> None:
        self._value = value
        self._words = words

    def __str__(self) -> str:
        return without(str(self._value), self._words())

    def __repr__(self) -> str:
        return without(repr(self._value), self._words())


def hidden(args: tuple[object, ...] | Mapping[str, object], words: Callable[[], Collection[str]]) -> object:
    """The arguments of a log line (some, or one mapping) without some words; numbers stay numbers."""
    if isinstance(args, Mapping):
        return {name: _hidden(each, words) for name, each in args.items()}
    return tuple(_hidden(each, words) for each in args)


def _hidden(value: object, words: Callable[[], Collection[str]]) -> object:
    return value if isinstance(value, int | float) or value is None else Unsaid(value, words)
