"""On which day, to whom, where and by what means something was said: what hangs from the cue beside the content."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

from spacy.tokens import Token

from digests.extract.clauses import Offsets
from digests.extract.reading import Attribution, Reading
from digests.model import Span

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T|$)")
_LISTENERS = frozenset({"dobj", "dative", "iobj"})
_TELLS = frozenset(
    {"tell", "ask", "inform", "remind", "assure", "warn", "advise", "urge", "notify", "brief", "address", "promise"}
)
_SAYS_TO = frozenset(
    {"say", "speak", "admit", "confirm", "write", "explain", "announce", "complain", "insist", "reply"}
)
_OUTLET = re.compile(
    r"(?i)\b(?:broadcaster|newspaper|agency|channel|tv|television|radio|magazine|daily|weekly|website|news|network"
    r"|times|post|journal|herald|tribune|guardian|telegraph|gazette|press|programme|program|show|podcast|twitter|facebook"
    r"|instagram|telegram|youtube|x|truth social|reuters|afp|ap|tass|xinhua|interfax|bloomberg|politico|axios|bbc|cnn"
    r"|nbc|abc|cbs|npr|msnbc|cnbc|ntv|rtl|ard|zdf|dpa|fox|sky|al jazeera|euronews|spiegel|le monde|el país)\b"
)
_KIND = re.compile(
    r"(?i)^(?:(?:the|a|an|state|private|local|turkish|russian|german|french|us|u\.s\.)\s+)*"
    r"(?:broadcaster|newspaper|(?:news )?agency|(?:tv )?channel|television|radio|magazine|network|daily)"
    r"\s+(?-i:(?=[A-Z]))"
)
_MEANS = frozenset(
    {
        "statement",
        "interview",
        "tweet",
        "letter",
        "post",
        "email",
        "e-mail",
        "message",
        "memo",
        "report",
        "speech",
        "release",
        "testimony",
        "filing",
        "video",
        "address",
        "article",
        "column",
        "op-ed",
        "book",
        "blog",
        "call",
        "briefing",
        "text",
        "note",
        "remarks",
        "broadcast",
        "document",
        "complaint",
        "lawsuit",
        "affidavit",
    }
)
_PLACE_PREPOSITIONS = frozenset({"at", "in", "outside", "near", "during", "aboard"})
_OCCASIONS = frozenset(
    {"conference", "meeting", "rally", "event", "hearing", "summit", "session", "reporter", "debate"}
)
_DANGLING = frozenset({"that", "which", "who", "and", "or"})
_REACH = 6
_SIGHT = 500
"""Characters from the cue to its time expression: the tree decides, this keeps it quick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    said_on: date | None = None
    said_to: str | None = None
    where: str | None = None
    via: str | None = None

    def or_else(self, other: Setting) -> Setting:
        """What is not known here, as it is there."""
        return Setting(
            said_on=self.said_on or other.said_on,
            said_to=self.said_to or other.said_to,
            where=self.where or other.where,
            via=self.via or other.via,
        )


def setting_of(reading: Reading, attribution: Attribution, *, offsets: Offsets) -> Setting:
    """The setting of one attribution; fields that the text does not give are None."""
    cue = _cue_token(attribution, offsets)
    if cue is None:
        return Setting()
    taken = [*attribution.contents, *([attribution.speaker] if attribution.speaker else [])]
    listener = _listener(cue, taken)
    said_to = _phrase(listener, taken) if listener is not None else None
    via, where = _beside(reading, cue, listener, taken)
    if said_to is not None and _OUTLET.search(said_to) and any(t.pos_ == "PROPN" for t in _tokens(listener, taken)):
        via = via or _KIND.sub("", said_to)
    return Setting(said_on=_day(reading, cue, taken, offsets), said_to=said_to, where=where, via=via)


def _cue_token(attribution: Attribution, offsets: Offsets) -> Token | None:
    if attribution.cue is None:
        return None
    tokens = offsets.tokens(attribution.cue.start, attribution.cue.end)
    verbs = [token for token in tokens if token.pos_ == "VERB"] or tokens
    return verbs[-1] if verbs else None


def _is_taken(token: Token, taken: list[Span]) -> bool:
    return any(span.start <= token.idx < span.end for span in taken)


def _listener(cue: Token, taken: list[Span]) -> Token | None:
    """The object of "told", or the object of "to" after "said"."""
    for child in cue.children:
        if _is_taken(child, taken):
            continue
        if (
            cue.lemma_ in _TELLS
            and child.dep_ in _LISTENERS
            and child.i > cue.i
            and child.pos_ in ("NOUN", "PROPN", "PRON")
        ):
            return child
        if child.dep_ in ("prep", "dative") and child.lower_ == "to" and cue.lemma_ in _SAYS_TO:
            return next((c for c in child.children if c.dep_ == "pobj" and not _is_taken(c, taken)), None)
    return None


def _tokens(head: Token | None, taken: list[Span]) -> list[Token]:
    """The noun phrase of a head: no content, no relative clause, no prepositional phrase but "of"."""
    if head is None:
        return []
    start, end = head.left_edge.i, head.i
    while end - start > 12:
        start += 1
    for child in head.rights:
        if (
            child.i == end + 1
            and child.dep_ in ("appos", "nummod", "compound", "flat")
            and child.left_edge.i == child.i
        ):
            end = child.i
        elif child.i == end + 1 and child.dep_ == "prep" and child.lower_ == "of" and child.right_edge.i - child.i <= 8:
            end = child.right_edge.i
        elif child.dep_ in ("conj", "cc") and child.right_edge.i - end <= 6:
            end = max(end, child.right_edge.i)
    return [t for t in head.doc[start : end + 1] if not _is_taken(t, taken) and not t.is_space]


def _phrase(head: Token | None, taken: list[Span]) -> str | None:
    tokens = _tokens(head, taken)
    while tokens and (tokens[-1].is_punct or tokens[-1].lower_ in _DANGLING):
        tokens.pop()
    if not tokens:
        return None
    return " ".join(tokens[0].doc[tokens[0].i : tokens[-1].i + 1].text.split()).rstrip('",; ') or None


def _beside(reading: Reading, cue: Token, listener: Token | None, taken: list[Span]) -> tuple[str | None, str | None]:
    """By what means and where, from the prepositions at the cue or straight after its listener."""
    via = where = None
    for preposition in _prepositions(cue, listener, taken):
        noun = next((child for child in preposition.children if child.dep_ == "pobj"), None)
        if noun is None or _is_taken(noun, taken) or _is_time(reading, noun):
            continue
        phrase, word = _phrase(noun, taken), preposition.lower_
        if phrase is None:
            continue
        if (word in ("in", "on", "via", "through", "by", "during") and noun.lemma_.lower() in _MEANS) or (
            word in ("on", "via", "to") and _OUTLET.search(phrase) and noun.pos_ == "PROPN"
        ):
            via = via or phrase
        elif word in _PLACE_PREPOSITIONS and (word in ("at", "outside", "during", "aboard") or noun.pos_ == "PROPN"):
            where = where or phrase
    return via, where


def _prepositions(cue: Token, listener: Token | None, taken: list[Span]) -> list[Token]:
    heads = [cue] if listener is None else [cue, listener]
    found = [child for head in heads for child in head.children if child.dep_ == "prep"]
    nested = [
        c
        for p in found
        for noun in p.children
        if noun.dep_ == "pobj" and noun.lemma_.lower() in _MEANS | {"reporter"}
        for c in noun.children
        if c.dep_ == "prep"
    ]
    return [token for token in [*found, *nested] if not _is_taken(token, taken)]


def _is_time(reading: Reading, token: Token) -> bool:
    at = bisect_left(reading.times, token.idx + 1, key=lambda time: time.start) - 1
    return at >= 0 and reading.times[at].end > token.idx


def _day(reading: Reading, cue: Token, taken: list[Span], offsets: Offsets) -> date | None:
    """The day of a time expression that hangs from the cue; months, years and vague times are no day."""
    first = bisect_left(reading.times, cue.idx - _SIGHT, key=lambda time: time.start)
    for time in reading.times[first:]:
        if time.start >= cue.idx + _SIGHT:
            return None
        day = _DAY.match(time.value)
        if day is None or any(span.start <= time.start < span.end for span in taken):
            continue
        if any(_hangs_from(token, cue) for token in offsets.tokens(time.start, time.end)):
            try:
                return date(int(day[1]), int(day[2]), int(day[3]))
            except ValueError:
                continue
    return None


def _hangs_from(token: Token, cue: Token) -> bool:
    """Straight from the cue, or through its listener, a place or a means: "told reporters in Vienna on Friday"."""
    for _ in range(_REACH):
        head = token.head
        if head.i == cue.i:
            return True
        if head.i == token.i or head.pos_ in ("VERB", "AUX"):
            return False
        if head.pos_ == "NOUN" and token.dep_ == "prep" and not _is_passage(head, cue):
            return False
        token = head
    return False


def _is_passage(noun: Token, cue: Token) -> bool:
    return noun.lemma_.lower() in _MEANS | _OCCASIONS or (noun.head.i == cue.i and noun.dep_ in _LISTENERS)
