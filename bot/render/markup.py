"""Between template and palette: neutral marks, and the blocks of runs they are parsed into.

A mark is DLE (U+0010) and one letter. Data is encoded before any template sees it: a DLE in data becomes DLE ``d``
and a line feed DLE ``n``, so that no data can forge a mark or begin a line, and none of its characters is lost.
Outside quotations, characters nobody can see or that turn text around are dropped; quotations stay exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

MARK = "\x10"
SEPARATOR = f"{MARK}S"
_TOKEN = re.compile(f"{MARK}(.)", re.DOTALL)
_BLANK = re.compile("[\t\x0b-\r\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_GAP = re.compile(r"[^\S\n]*\n[^\S\n]*")
_GAPS = re.compile(r"\n{3,}")

Style = Literal["", "bold", "italic", "code", "command", "press"]
"""``command``: how something is typed. ``press``: a command that is one press away where the platform can."""
BlockKind = Literal["text", "heading", "quote"]
_STYLES: Mapping[str, Style] = {"B": "bold", "I": "italic", "C": "code", "K": "command", "X": "press"}
_KINDS: Mapping[str, BlockKind] = {"H": "heading", "Q": "quote"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Characters of one style. ``url`` is set on links, ``command`` on presses."""

    text: str
    style: Style = ""
    url: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Lines that belong together. A quote's text is verbatim."""

    kind: BlockKind
    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


Item = tuple[Block, ...]
"""What a splitter keeps together if it can: a line of an answer with its quotation."""


def encode(value: Any) -> Any:
    """Data as templates may see it: every string in it, however deep, can no longer hold a mark."""
    if isinstance(value, str):
        return encoded(value)
    if isinstance(value, Mapping):
        return {key: encode(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [encode(each) for each in value]
    return value


def encoded(text: str) -> str:
    return text.replace(MARK, f"{MARK}d").replace("\n", f"{MARK}n")


def decode(text: str) -> str:
    """The data a template was given, exactly."""
    return text.replace(f"{MARK}n", "\n").replace(f"{MARK}d", MARK)


def bold(text: object) -> str:
    return f"{MARK}B{text}{MARK}b"


def italic(text: object) -> str:
    return f"{MARK}I{text}{MARK}i"


def code(text: object) -> str:
    return f"{MARK}C{text}{MARK}c"


def command(text: object) -> str:
    """How something is typed, e.g. ``/who Oktay``."""
    return f"{MARK}K{text}{MARK}k"


def press(label: object, text: object) -> str:
    """A command one press away: ``label`` is what a button says, ``text`` the command."""
    return f"{MARK}X{text}{MARK}M{label}{MARK}x"


def heading(text: object) -> str:
    return f"{MARK}H{text}{MARK}h"


def quote(text: object) -> str:
    return f"{MARK}Q{text}{MARK}q"


def link(label: object, url: object) -> str:
    """A link, if the address is http or https; any other address is shown as text."""
    return f"{MARK}L{url}{MARK}M{label}{MARK}l"


def parse(rendered: str) -> tuple[Item, ...]:
    """The items of a rendered template, in order; empty ones are dropped."""
    parser = _Parser()
    for position, piece in enumerate(_TOKEN.split(rendered)):
        if position % 2:
            parser.mark(piece)
        elif piece:
            parser.words(piece)
    return parser.finished()


class _Parser:
    """Collects runs into blocks and blocks into items."""

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._blocks: list[Block] = []
        self._runs: list[Run] = []
        self._style: Style = ""
        self._kind: BlockKind = "text"
        self._opened = ""
        self._target = ""
        self._held: list[str] | None = None

    def words(self, text: str) -> None:
        if self._held is not None:
            self._held.append(text)
        else:
            self._put(text)

    def mark(self, letter: str) -> None:
        if letter in "dn":
            self._data(MARK if letter == "d" else "\n")
        elif letter in _KINDS or letter in "hqS":
            self._border(letter)
        elif letter in "LX":
            self._opened, self._held = letter, []
        elif letter == "M":
            self._target, self._held = "".join(self._held or ()), None
        elif letter in "lx":
            self._close()
        else:
            self._style = _STYLES.get(letter, "")

    def _close(self) -> None:
        """End a link or press; an address that may not be a link follows its label as text."""
        target, opened, self._opened = self._target, self._opened, ""
        if opened == "L" and target and not is_web(target):
            self._put(f" ({target})")

    def _data(self, character: str) -> None:
        if self._held is not None:
            self._held.append(character)
        elif self._kind == "quote":
            self._put(character)
        elif character == "\n":
            self._put(" ")

    def _border(self, letter: str) -> None:
        self._flush()
        self._kind = _KINDS.get(letter, "text")
        if letter == "S" and self._blocks:
            self._items.append(tuple(self._blocks))
            self._blocks = []

    def _put(self, text: str) -> None:
        if self._kind != "quote":
            text = seen(text)
        if self._opened == "X":
            self._add(Run(text=text, style="press", command=seen(self._target)))
        elif self._opened == "L" and is_web(self._target):
            self._add(Run(text=text, url=self._target))
        else:
            self._add(Run(text=text, style=self._style))

    def _add(self, run: Run) -> None:
        last = self._runs[-1] if self._runs else None
        if last is not None and (last.style, last.url, last.command) == (run.style, run.url, run.command):
            self._runs[-1] = Run(text=last.text + run.text, style=run.style, url=run.url, command=run.command)
        else:
            self._runs.append(run)

    def _flush(self) -> None:
        runs = tuple(self._runs) if self._kind == "quote" else tuple(_tidied(self._runs))
        if any(run.text for run in runs):
            self._blocks.append(Block(kind=self._kind, runs=runs))
        self._runs, self._style, self._opened = [], "", ""

    def finished(self) -> tuple[Item, ...]:
        self._border("S")
        return tuple(self._items)


def seen(text: str) -> str:
    """Text without characters that cannot be seen or turn the text around; blanks of any kind but LF are spaces."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("", _BLANK.sub(" ", text))


def is_web(url: str) -> bool:
    """Whether an address may be a link: http or https, with no blank, quote or control character in it."""
    return re.fullmatch(r"https?://[^\s\"'<>\\^`{|}\x00-\x20\x7f-\x9f]{3,2000}", url, re.IGNORECASE) is not None


def _tidied(runs: Sequence[Run]) -> Iterator[Run]:
    """Lines without blanks at their ends, no line breaks at the block's ends, at most one empty line in a row."""
    texts = [_GAPS.sub("\n\n", _GAP.sub("\n", run.text)) if "\n" in run.text else run.text for run in runs]
    for index in range(1, len(texts)):
        if texts[index - 1].endswith("\n"):
            texts[index] = texts[index].lstrip()
    keep = [index for index, text in enumerate(texts) if text.strip()]
    if not keep:
        return
    texts[keep[0]] = texts[keep[0]].lstrip()
    texts[keep[-1]] = texts[keep[-1]].rstrip()
    for index in range(keep[0], keep[-1] + 1):
        if texts[index]:
            run = runs[index]
            same = texts[index] == run.text
            yield run if same else Run(text=texts[index], style=run.style, url=run.url, command=run.command)
