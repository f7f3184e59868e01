"""Time expressions of an article. Which way a bare weekday, month or quarter looks is asked of the governing verb.

The parse is asked only where the grammar needs a direction, which is a fifth of the sentences.
"""

from __future__ import annotations

import re

from spacy.tokens import Token

from digests.extract.clauses import Offsets, clause_head, is_verb, root_of
from digests.extract.reading import Reading
from digests.model import TimeExpression
from digests.text import dates
from digests.text.dates import Direction
from digests.text.dates.cues import by_preposition
from digests.text.dates.words import MONTHS, wordset

_WILL = frozenset({"will", "'ll", "wo", "shall", "would", "'d", "must", "should", "ought", "can", "ca", "may", "might"})
_PLANNED = wordset(
    "plan expect schedule set due slate intend aim hope agree order vow pledge promise threaten prepare want urge "
    "tell ask ready likely postpone delay move fix call bind decide propose offer move seek book time"
)
TIMETABLE = wordset("closes opens reopens resumes begins expires lapses ends starts close resume reopen")
PRESENT = TIMETABLE | wordset(
    "close closes end ends open opens expire expires resume resumes start starts begin begins meet "
    "meets vote votes play plays "
    "visit visits host hosts return returns face faces lapse lapses"
)
"""Verbs of timetables that the parser takes for nouns after a plural subject: "Talks resume in Geneva on May 17"."""
_CALLED = wordset("call set schedule plan announce fix book slate arrange")
_MOVED = wordset("move postpone delay reschedule push shift adjourn extend defer bring put")
_SCHEDULED = wordset("schedule plan slate postpone delay reschedule")
_PUT_OFF = wordset("postpone delay")
"""With no day that it is moved *to*: "9,000 flights were delayed Friday"."""
_EXPECTED = wordset("expect set due intend move fix book time propose slate")
_MONTHS = frozenset(name[:3] for name in MONTHS)
_DONE = wordset("vote manage fail begin start refuse continue come use help seem appear try")
_PLACE_WORDS = 14
_QUOTED = frozenset({"“", "”", '"', "``", "''"})
_REPORT = wordset("say tell report add announce write note claim warn state quote cite show")


def find(reading: Reading) -> tuple[TimeExpression, ...]:
    """Every temporal expression of the article, in text order; weekdays as TimeBank reads them."""
    return tuple(expressions(reading, reader=False))


def expressions(reading: Reading, *, reader: bool) -> list[TimeExpression]:
    """The same with the reader's reading of a weekday that is the day of publication (see ``dates.find``)."""
    text = unwrapped(reading)
    verbs = Verbs(reading, text)
    return dates.find(text, today=reading.article.published_day, direction=verbs.direction, reader=reader)


def unwrapped(reading: Reading) -> str:
    """The article's text with the line breaks inside its parts, tabs and hard blanks made blanks; same length."""
    text = reading.article.text.replace("\u00a0", " ").replace("\t", " ")
    pieces, at = [], 0
    for part in reading.article.parts:
        pieces += [text[at : part.start], text[part.start : part.end].replace("\n", " ")]
        at = part.end
    return "".join([*pieces, text[at:]])


_FOR = re.compile(r"\bfor\s$")
_TO = re.compile(r"\bto\s$")


class Verbs:
    """Answers which way the verb around a stretch looks."""

    def __init__(self, reading: Reading, text: str) -> None:
        self._offsets = Offsets(reading.doc)
        self._text = text

    def direction(self, start: int, end: int) -> Direction:
        found = by_preposition(self._text, start, end)
        if found != "unknown":
            return found
        tokens = self._offsets.tokens(start, end)
        if tokens and _names_a_thing(root_of(tokens)):
            return "unknown"
        verb = governing(tokens) if tokens else None
        if tokens and root_of(tokens).dep_ == "poss" and verb is not None and not _has_will(verb):
            return "back"
        if verb is not None and verb.lemma_ in _CALLED and _FOR.search(self._text, max(0, start - 5), start):
            return "ahead"
        if verb is not None and verb.lemma_ in _MOVED and _TO.search(self._text, max(0, start - 5), start):
            return "ahead"
        if verb is not None and verb.lower_ in PRESENT and not is_verb(verb):
            return "ahead"
        found = verb_direction(verb) if verb is not None and is_verb(verb) else "unknown"
        return dates.by_words(self._text, start, end) if found == "unknown" else found


def governing(tokens: list[Token]) -> Token:
    """The verb a time expression belongs to: the one it follows when a complement comes next ("promised *on Monday*
    to publish", "said *Friday* that"), else the verb of its clause."""
    doc, at = tokens[0].doc, tokens[0].i - 1
    while at >= 0 and doc[at].pos_ == "ADP":
        at -= 1
    before, after = doc[max(at, 0)], doc[min(tokens[-1].i + 1, len(doc) - 1)]
    if before.lower_ in TIMETABLE and not is_verb(before):
        return before
    if (said := _said_then(tokens)) is not None:
        return said
    verb = clause_head(root_of(tokens))
    if not is_verb(verb) or verb.lemma_ in _REPORT:
        near = [
            word
            for word in doc[max(0, at - 5) : max(at, 0) + 1]
            if word.lower_ in PRESENT and not word.is_sent_start and word.nbor(-1).tag_ not in ("DT", "PRP$")
        ]
        if near and near[-1].sent == tokens[0].sent:
            return near[-1]
    if before.pos_ == "VERB" and before.tag_ in ("VBD", "VBN", "VBZ") and after.lower_ in ("to", "that"):
        return before
    return verb


def _said_then(tokens: list[Token]) -> Token | None:
    """The verb of saying a date follows at once, or at the end of its sentence with the place alone between them.

    "said *in March* the yard should close", "said on “Face the Nation” *on Sunday*."
    """
    root = root_of(tokens)
    if (
        root.dep_ not in ("pobj", "npadvmod", "dobj", "tmod", "nmod", "compound", "appos", "ROOT")
        or root.head.i > tokens[-1].i
    ):
        return None
    doc, at = tokens[0].doc, tokens[0].i - 1
    quoted, steps = False, 0
    ends = (
        tokens[-1].i + 1 >= len(doc)
        or doc[tokens[-1].i + 1].text in (".", "”", '"')
        or doc[tokens[-1].i + 1].is_sent_start
    )
    while at >= 0 and steps < (_PLACE_WORDS if ends else 2):
        word = doc[at]
        if word.text in _QUOTED:
            quoted = not quoted
        elif not quoted and (is_verb(word) or word.text in (",", ";", ":") or word.lower_ in ("that", "if", "to")):
            return word if word.lemma_ in _REPORT and word.tag_ == "VBD" else None
        if not quoted and not (word.pos_ in ("ADP", "PROPN", "DET", "PART") or word.text in _QUOTED):
            return None
        at, steps = at - 1, steps + 1
    return None


def _names_a_thing(token: Token) -> bool:
    """ "a June agreement", "the Jan. 12 ceasefire": the verb says nothing about it."""
    return (
        token.dep_ in ("compound", "nmod", "amod")
        and token.lower_.rstrip(".")[:3] in _MONTHS
        and token.head.i > token.i
    )


def _has_will(verb: Token) -> bool:
    """ "will decide at *Monday's* meeting", not "the move follows *Tuesday's* ruling"."""
    return any(kid.lower_ in _WILL for kid in verb.children if kid.dep_ == "aux")


def verb_direction(verb: Token, *, depth: int = 0) -> Direction:
    """Ahead for will, would, must, "is to", "set to"; back for past tenses; unknown where the verb tells nothing."""
    helpers = {kid.lower_ for kid in verb.children if kid.dep_ in ("aux", "auxpass", "cop")}
    if helpers & _WILL:
        perfect = "have" in helpers and verb.tag_ in ("VBN", "VBD")
        return "back" if perfect and "will" not in helpers else "ahead"
    if depth > 6:
        return "unknown"
    if "to" in helpers:
        return _infinitive(verb, depth)
    if verb.tag_ == "VBN":
        return _participle(verb, helpers, depth)
    if verb.tag_ == "VBG":
        return _gerund(verb, helpers, depth)
    if verb.tag_ == "VBD":
        return "ahead" if verb.lemma_ in _SCHEDULED - _PUT_OFF else "back"
    if verb.tag_ in ("VBZ", "VBP"):
        return _present(verb)
    return "ahead" if verb.tag_ == "VB" and not helpers & {"did", "do", "does"} else "unknown"


def _infinitive(verb: Token, depth: int) -> Direction:
    head = verb.head
    if any(kid.lower_ == "had" for kid in head.children if kid.dep_ == "aux"):
        return "back"
    if head.i == verb.i or head.lemma_ in _PLANNED:
        return "ahead"
    if verb.dep_ == "xcomp" and head.lemma_ == "be":
        return "ahead"
    if verb.dep_ == "xcomp":
        return verb_direction(head, depth=depth + 1) if head.lemma_ in _DONE else "ahead"
    if verb.dep_ in ("acl", "relcl") and head.pos_ in ("NOUN", "PROPN"):
        return "ahead"
    above = clause_head(head)
    return verb_direction(above, depth=depth + 1) if is_verb(above) and above.i != verb.i else "ahead"


def _participle(verb: Token, helpers: set[str], depth: int) -> Direction:
    if verb.dep_ in ("ccomp", "xcomp") and verb.head.lemma_ in ("want", "need", "expect", "order"):
        return "ahead"
    if "had" in helpers or (helpers & {"has", "have", "'ve"} and verb.lemma_ not in _SCHEDULED):
        return "back"
    if verb.lemma_ in _PUT_OFF and helpers & {"was", "were"}:
        return "back"
    if verb.lemma_ in _SCHEDULED | _EXPECTED:
        return "ahead"
    if not helpers and verb.dep_ == "conj" and verb.head.i != verb.i:
        return verb_direction(verb.head, depth=depth + 1)
    return "back" if not helpers & {"is", "are", "be", "'re", "'s"} else "unknown"


def _gerund(verb: Token, helpers: set[str], depth: int) -> Direction:
    if helpers & {"is", "are", "'s", "'re", "am", "be"}:
        return "ahead"
    if helpers & {"was", "were", "been"}:
        return "back"
    above = clause_head(verb.head) if verb.head.i != verb.i else verb
    return verb_direction(above, depth=depth + 1) if above.i != verb.i and is_verb(above) else "unknown"


def _present(verb: Token) -> Direction:
    if verb.lemma_ == "be":
        planned = any(kid.lemma_ in _PLANNED for kid in verb.children if kid.dep_ in ("acomp", "attr"))
        return "ahead" if planned else "unknown"
    return "unknown" if verb.lemma_ in _REPORT else "ahead"
