"""Where sentences end, without a parser: good enough to quote from, fast enough for every article.

A full stop after a title, an initial or an abbreviation ends none; one before a small letter ends none either.
"""

from __future__ import annotations

import re

_END = re.compile(r"(?P<stop>[.!?…]+)(?P<close>['\"”’»)\]]*)(?P<gap>\s+)(?=(?P<next>\S))")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'“‘])(?:Mr|Mrs|Ms|Dr|Prof|Rev|Hon|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Sen|Rep|Gov|Sec|Pres|St|Mt|Ft|Jr|Sr|Inc|Corp"
    r"|Co|Ltd|No|Nos|vs|v|etc|approx|est|dept|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|a\.m|p\.m|e\.g|i\.e|al"
    r"|(?:[A-Z]\.)*[A-Z])\Z"
)
_LOOK_BACK = 16


def sentence_spans(text: str, *, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Start and end of every sentence of ``text[start:end]``, blanks at the edges left out; a line break ends one too.

    >>> [("Mr. Bo left. He ran."[a:b]) for a, b in sentence_spans("Mr. Bo left. He ran.")]
    ['Mr. Bo left.', 'He ran.']
    """
    end = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    for line in re.compile(r"[^\n]+").finditer(text, start, end):
        at = line.start()
        for match in _END.finditer(text, line.start(), line.end()):
            if _ends(text, match):
                found.append((at, match.end("close")))
                at = match.end()
        found.append((at, line.end()))
    trimmed = ((a + len(text[a:b]) - len(text[a:b].lstrip()), a + len(text[a:b].rstrip())) for a, b in found)
    return [(a, b) for a, b in trimmed if a < b]


def _ends(text: str, match: re.Match[str]) -> bool:
    following = match["next"]
    if following.islower():
        return False
    if match["stop"] != "." or match["close"] or match.start() == 0 or text[match.start() - 1].isspace():
        return True
    return _ABBREVIATION.search(text, max(0, match.start() - _LOOK_BACK), match.start()) is None
