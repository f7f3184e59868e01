"""Which stretch of a source is headline, byline, dateline, credit, heading, body or trailer.

A part leaves out its Markdown marks (``## **Talks**`` is the heading "Talks"). Where paragraphs are wrapped by hand at
72 columns or so, a body part spans the lines of one paragraph: a line break inside a part is no border. What is in no
part (front matter, rules, image addresses) is nobody's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from digests.model import Part, PartKind
from digests.text.printed import printed_date

_LINE = re.compile(r"\S(?:[^\n]*\S)?")
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(?:[\w-]+:[^\n]*\n|[ \t]+[^\n]*\n|\n)*?---[ \t]*(?:\n|$)")
_HEADING = re.compile(r"(#{1,6})[ \t]+")
_ADDRESS = re.compile(r"<[^<>\s]+>")
_LIST_MARK = re.compile(r"[>*+-][ \t]+(?=\S)")
_RULE = re.compile(r"(?:[-*_=~][ \t]*){3,}|!\[[^\]]*\]\([^)]*\)")
_WHOLLY_BOLD = re.compile(r"(\*\*|__)(?!\s)((?:(?!\1).)+)\1|([*_])(?![\s*_])([^*_]+)\3")
_NAME_WORD = (
    r"(?:[^\W\d_a-z][\w.'’\-]*|and|with|in|of|for|the|at|our|own|staff|news|desk"
    r"|(?:reporter|correspondent|writer|editor|contributor|columnist|agencie|analyst)s?|de|da|di|du|la|le|van|von|der|den|al|el|bin|ibn|&|\|)"
)
_BYLINE = re.compile(
    rf"(?i:(?:(?:story|written|reported|words|report)\s+)?by):?\s+"
    rf"(?:\[[^\]\n]{{1,80}}\]\([^)\s]*\)|(?:\[?{_NAME_WORD}\]?(?:\([^)\s]*\))?[,;]?(?:[ \t]+|$)){{1,14}})"
)
_DATE_WORD = re.compile(
    r"by:?\s+(?:the\s|mon|tues|wed|thurs|fri|sat|sun|jan|feb|march\b|apr|may\b|june|july|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
AGENCIES = (
    "Reuters|AP|AFP|UPI|CNN|DPA|dpa|TASS|Tass|Xinhua|Bloomberg|BBC|ANSA|EFE|PTI|ANI|IANS|Interfax|RIA|Kyodo|Yonhap"
    "|Anadolu(?: Agency)?|AA|Al Jazeera|PA|PA Media|AAP|KUNA|SANA|IRNA|NPR|CBS News|ABC News|NBC News|Fox News"
    "|The Associated Press|Associated Press|Agence France-Presse|RFE/RL|VOA|Deutsche Welle|DW|Thomson Reuters"
    "|Reuters Staff|MarketWatch|CNNMoney|The Hill|Politico|POLITICO"
)
_AGENCY_LINE = re.compile(rf"(?:{AGENCIES})(?:\s*[|/,]\s*(?:{AGENCIES}))*")
_CREDIT = re.compile(
    r"(?:(?:file |archive )?(?:photo(?:graph)?s?|image|picture|pic|illustration|graphic|video|credit)s?"
    r"(?:\s*(?:credit|courtesy|source))?\s*(?::|©|/|\bby\b|\bvia\b|\bcourtesy\b)|©|\(c\)\s|copyright\b|via getty\b).*"
    r"|.{0,80}(?:/\s*getty images|via (?:ap|reuters|getty images|afp)|getty images|/\s*(?:afp|epa|shutterstock))"
    r"(?:\s*/.{0,40})?[)\]]?",
    re.IGNORECASE,
)
_TRAILER = re.compile(
    r"(?:original(?:ly)?\s+(?:url|link|source|published|appeared|article)|source\s*:|(?:article\s+)?(?:url|link)\s*:"
    r"|read (?:more|the (?:rest|full|original)|also)\b|see also\s*:|related\s*:|more\s*:"
    r"|\(?(?:additional )?(?:reporting|writing|editing|compiled) by\b|our standards\s*:"
    r"|follow .{0,80}\b(?:on|@)|sign up (?:for|to)\b|subscribe (?:to|now)\b"
    r"|this (?:article|story|report|post) (?:was|has been|is|first|originally) .{0,60}"
    r"(?:published|updated|corrected|appeared)"
    r"|all rights reserved|copyright\b|\(c\)\s|©|share this\b|tags?\s*:|topics?\s*:|filed under\b"
    r"|<?https?://\S+>?$|\[[^\]]*\]\(https?://[^)]*\)$|<[^>\s]+@[^>\s]+>$)",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(r"original(?:ly)? (?:url|link|source)\s*:?.*|<?https?://\S+>?", re.IGNORECASE)
_TRAILER_LABEL = re.compile(r".{0,40}:$")
_PLACE_AND_AGENCY = (
    r"(?:(?:[A-Z][A-Z.'’\-]+(?:[ /][A-Z][A-Z.'’\-]+){0,4}|St\. [A-Z]+)"
    r"(?:, (?:[A-Z][\w.'’\-]*\.?[ ]?){1,4}){0,3}(?:,? ?[A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?,?)?"
    r"(?: ?\([^()\n]{2,40}\))?[ ]?(?:--+|[-–—_])[ ]?"
    rf"|(?:[A-Z][\w.'’\-]+(?:[ ,]+[A-Z][\w.'’\-]+){{0,5}},? )?\((?:{AGENCIES})\)(?:[ ]?(?:--+|[-–—_:]))?[ ]?"
    r"|[A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]+){0,2}, [A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]+){0,2} ?(?:--+|[–—]) ?)"
)
_DATELINE = re.compile(_PLACE_AND_AGENCY + r"(?=[\"“‘'A-Z0-9$€£])")
_DATELINE_ALONE = re.compile(_PLACE_AND_AGENCY)
_SMALL = re.compile(
    r"(?:an?|and|as|at|but|by|for|from|in|into|nor|off?|on|onto|or|over|per|so|than|the|to|up|via|vs|with)",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…][\"'”’)\]]*$")


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph: its stretch without Markdown marks, and what marks it had."""

    start: int
    end: int
    text: str
    level: int = 0
    bold: bool = False


def parts_of(text: str, *, title: str = "") -> tuple[Part, ...]:
    """Parts in text order, without overlaps. ``title``: given beside the text, which then needs no headline of its own.

    >>> [(p.kind, p.end - p.start) for p in parts_of("# Talks fail\\n\\nBy [AFP](#)\\n\\nThey failed on Monday.")]
    [('headline', 10), ('byline', 12), ('body', 22)]
    """
    blocks = list(_blocks(text))
    last = _trailer_start(blocks)
    kinds: list[PartKind] = []
    seen_body = seen_headline = False
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < last else None
        if at >= last:
            kind: PartKind = "trailer"
        elif seen_body:
            kind = _inside(block, following)
        else:
            kind = _at_the_top(block, blocks[at + 1 : min(at + 3, last)], first=not seen_headline, title=title)
        # a short line without a full stop may be a byline of a form not known: the head of the article goes on
        seen_body = seen_body or (kind == "body" and (len(block.text) > 60 or bool(_END.search(block.text))))
        seen_headline = seen_headline or kind == "headline"
        kinds.append(kind)
    return tuple(_parts(blocks, kinds))


def plain(line: str) -> str:
    """A line without Markdown's links and emphasis, for fields (never for offsets)."""
    line = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line)
    line = re.sub(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)", "", line).strip(" \t#")
    return line[1:-1] if _ADDRESS.fullmatch(line) else line


def _parts(blocks: list[_Block], kinds: list[PartKind]) -> Iterator[Part]:
    opening = 0
    for block, kind in zip(blocks, kinds, strict=True):
        start = block.start
        if kind == "body":
            opening += 1
            dateline = _DATELINE.match(block.text) if opening <= 2 else None
            if dateline and dateline.end() < len(block.text):
                shown = block.text[: dateline.end()].rstrip()
                yield Part(kind="dateline", start=start, end=start + len(shown))
                start += dateline.end()
        yield Part(kind=kind, start=start, end=block.end)


def _blocks(text: str) -> Iterator[_Block]:
    front = _FRONT_MATTER.match(text)
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text, front.end() if front else 0)]
    wrapped = _wrapped(text, lines)
    at = 0
    while at < len(lines):
        start, end = lines[at]
        at += 1
        if at < len(lines) and _underlined(text, end, lines[at]):
            yield _Block(start, end, text[start:end], level=1 if text[lines[at][0]] == "=" else 2)
            at += 1
            continue
        if _RULE.fullmatch(text, start, end):
            continue
        while wrapped and at < len(lines) and _goes_on(text, start, end, lines[at]):
            end = lines[at][1]
            at += 1
        block = _unmarked(text, start, end)
        if block.text:
            yield block


def _underlined(text: str, end: int, following: tuple[int, int]) -> bool:
    return text.count("\n", end, following[0]) == 1 and re.fullmatch(r"=+|-{3,}", text[slice(*following)]) is not None


def _unmarked(text: str, start: int, end: int) -> _Block:
    level = 0
    if mark := _HEADING.match(text, start, end):
        level = len(mark[1])
        start = mark.end()
        while end > start and text[end - 1] in "# \t":
            end -= 1
    elif mark := _LIST_MARK.match(text, start, end):
        start = mark.end()
    bold = _WHOLLY_BOLD.fullmatch(text, start, end)
    if bold:
        start, end = bold.span(2) if bold[2] is not None else bold.span(4)
    bare = text[start:end].strip()
    start = text.index(bare, start)
    return _Block(start, start + len(bare), bare, level=level, bold=bool(bold))


def _wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether paragraphs are wrapped by hand: most breaks inside paragraphs come at the same narrow width."""
    broken = [line for line, (after, _) in pairwise(lines) if text.count("\n", line[1], after) == 1]
    widths = [end - start for start, end in broken]
    narrow = sum(50 <= width <= 100 for width in widths)
    ended = sum(text[end - 1] in '.!?:"”' for _, end in broken)
    return len(widths) >= 2 and max(widths) <= 110 and narrow >= 0.7 * len(widths) and ended <= 0.4 * len(widths)


def _goes_on(text: str, start: int, end: int, following: tuple[int, int]) -> bool:
    line_start = text.rfind("\n", start, end) + 1 or start
    return (
        text.count("\n", end, following[0]) == 1
        and end - line_start >= 45
        and not text.startswith(("#", "> ", "* ", "- ", "+ "), following[0])
        and not _underlined(text, end, following)
    )


def _trailer_start(blocks: list[_Block]) -> int:
    """Index of the first block of the trailer: only what closes the source, never a line in its midst."""
    at = len(blocks)
    while at > 1:
        block = blocks[at - 1]
        if not _TRAILER.match(block.text) or (len(block.text) > 300 and "http" not in block.text):
            labels_what_follows = at < len(blocks) and _TRAILER_LABEL.fullmatch(block.text) and len(block.text) < 25
            if not labels_what_follows:
                break
        at -= 1
    return at


def _at_the_top(block: _Block, following: list[_Block], *, first: bool, title: str) -> PartKind:
    """What a block before the first body paragraph is."""
    if block.level and first and not (block.level > 1 and title):
        return "headline"
    if block.level:
        return "heading"
    meta = _meta(block)
    if meta:
        return meta
    if first and (_same(block.text, title) if title else _reads_like_a_headline(block, following)):
        return "headline"
    if block.bold and not _END.search(block.text) and following:
        return "credit"
    return "body"


def _meta(block: _Block) -> PartKind | None:
    if _is_byline(block.text):
        return "byline"
    if printed_date(block.text) or (len(block.text) < 80 and _DATELINE_ALONE.fullmatch(block.text)):
        return "dateline"
    if len(block.text) <= 200 and _CREDIT.fullmatch(block.text.strip("()[]*_ ")):
        return "credit"
    return None


def _is_byline(line: str) -> bool:
    if len(line) > 200:
        return False
    if _AGENCY_LINE.fullmatch(line.strip("()[]")):
        return True
    return bool(_BYLINE.fullmatch(line)) and not _DATE_WORD.match(line)


def _inside(block: _Block, following: _Block | None) -> PartKind:
    """What a block after the first body paragraph is."""
    if block.level:
        return "heading"
    if _ORIGINAL.fullmatch(block.text):
        return "trailer"
    if len(block.text) <= 200 and _CREDIT.fullmatch(block.text.strip("()[]*_ ")):
        return "credit"
    if following is None or len(block.text) > 90 or _END.search(block.text) or block.text[0] in "\"“'‘•-*0123456789":
        return "body"
    if block.bold or (
        _title_case(block.text) and len(block.text.split()) <= 10 and not block.text.endswith((":", ","))
    ):
        return "heading"
    return "body"


def _reads_like_a_headline(block: _Block, following: list[_Block]) -> bool:
    """Plain text: short, one sentence, without a full stop or with one that title case or what follows gives away."""
    line = block.text
    if not following or len(line) > 180 or "\n" in line or len(line.split()) > 25 or _DATELINE.match(line):
        return False
    if line[0] in "-*•" or line.endswith((",", ":")):
        return False
    if not _END.search(line) or line.endswith(("?", "!")):
        return True
    if re.search(r"[a-z]{3,}[.!?][\"'”’]* [A-Z]", line) or line[0] in '"“' or " said" in line:
        return False
    short = len(line.split()) <= 14 and len(following) >= 2 and len(following[0].text) > len(line)
    return (
        short or _title_case(line) or _meta(following[0]) is not None or _DATELINE.match(following[0].text) is not None
    )


def _title_case(line: str) -> bool:
    words = [word.strip("\"'“”‘’(),.:;!?") for word in line.split()]
    big = [word for word in words if word and word[0].isalpha() and not _SMALL.fullmatch(word)]
    return len(big) >= 2 and sum(word[0].isupper() for word in big) >= 0.8 * len(big)


def _same(line: str, title: str) -> bool:
    def letters(text: str) -> str:
        return "".join(char for char in text.casefold() if char.isalnum())

    return bool(letters(title)) and letters(line) == letters(title)
