"""Figures: every number that counts or measures, with what is counted and who says so.

The grammar of numbers is ``digests.text.numbers``; the parse tells a count from a year and a label, and names the thing
counted with its fate: "13 Turkish soldiers were killed" counts "Turkish soldiers killed".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from spacy.tokens import Token

from digests.extract.clauses import SUBORDINATE, Offsets, child, clause_head, readable, root_of, span_of, stretch, trim
from digests.extract.reading import Reading
from digests.model import Fact, Figure
from digests.text.numbers import Number, numbers
from digests.text.wordlist import words

_PROSE = frozenset({"headline", "heading", "body"})
_FATES = {
    "kill": "killed", "wound": "wounded", "injure": "injured", "hurt": "hurt", "arrest": "arrested",
    "detain": "detained", "displace": "displaced", "infect": "infected", "employ": "employed", "evacuate": "evacuated",
    "rescue": "rescued", "trap": "trapped", "strand": "stranded", "hospitalize": "hospitalized", "host": "hosted",
    "hospitalise": "hospitalised", "sicken": "sickened", "convict": "convicted", "charge": "charged",
    "cancel": "cancelled", "deport": "deported", "release": "released", "free": "freed", "kidnap": "kidnapped",
    "abduct": "abducted", "capture": "captured", "execute": "executed", "destroy": "destroyed", "damage": "damaged",
    "vaccinate": "vaccinated", "shoot": "shot", "sink": "sunk", "build": "built", "sell": "sold", "expel": "expelled",
    "hire": "hired", "seize": "seized", "test": "tested", "suspend": "suspended", "recall": "recalled",
}  # fmt: skip
"""Verbs whose object's fate belongs to what is counted."""
_DONE = {"die": "killed", "perish": "killed", "drown": "drowned", "survive": "survived", "flee": "fled"}
"""Verbs whose subject's fate belongs to what is counted."""
_STATES = words(
    "homeless dead missing injured wounded stranded trapped displaced jobless unemployed arrested killed hurt ill",
    "sick detained hospitalised hospitalized unaccounted infected",
)
_ANY = words(
    "other others earlier more additional new different separate such same further own last first",
)
_NOT_COUNTED = words(
    "state way track tier star class time part step point fold quarter third dimensional",
)
"""After a hyphen these make a label of the number: "two-state", "five-star"."""
_VERBS_ABOVE = frozenset(("top", "pass", "exceed", "surpass", "outnumber"))
_TOLLS = frozenset(("toll", "dead", "fatality", "casualty", "death"))
_LEFT_OF_NOUN = frozenset(("nummod", "compound", "quantmod", "amod", "nmod", "poss", "advmod", "npadvmod", "dep"))
_NOMINAL = frozenset(("NOUN", "PROPN", "ADJ", "SYM"))
_MODIFIERS = frozenset(("compound", "amod", "nmod"))
_LONGEST = 320


def find(reading: Reading) -> list[Fact]:
    """Every figure of the article, in text order."""
    offsets = Offsets(reading.doc)
    times = [(time.start, time.end) for time in reading.times]
    found: list[Fact] = []
    clauses: dict[int, tuple[int, int]] = {}
    for number in _numbers(reading):
        tokens = offsets.tokens(number.core, number.end)
        if tokens and not _is_time(number, times):
            figure = _figure(reading, number, tokens, clauses)
            found += [figure] if figure is not None else []
    return found


def _numbers(reading: Reading) -> Iterator[Number]:
    """The numbers of headline, headings and body."""
    for part in reading.article.parts:
        if part.kind in _PROSE:
            for number in numbers(reading.article.text[part.start : part.end]):
                yield _moved(number, part.start)


def _moved(number: Number, by: int) -> Number:
    return Number(
        start=number.start + by, end=number.end + by, core=number.core + by, value=number.value, low=number.low,
        high=number.high, qualifier=number.qualifier, unit=number.unit, rate=number.rate, bare_year=number.bare_year,
    )  # fmt: skip


def _is_time(number: Number, times: list[tuple[int, int]]) -> bool:
    """Inside a date, a duration or a set. A measure is never one: "2 percent in 2019"."""
    at = bisect_left(times, (number.end, 0))
    return any(start < number.end and number.core < end for start, end in times[max(0, at - 2) : at])


def _figure(
    reading: Reading, number: Number, tokens: list[Token], clauses: dict[int, tuple[int, int]]
) -> Figure | None:
    root = root_of(tokens)
    noun = _counted(root, tokens)
    if _is_label(number, root, noun, tokens):
        return None
    start = _qualified_from(number, tokens)
    low, high = _clause(root, noun, tokens, clauses)
    clause = span_of(reading, low, high)
    if clause.start > start or clause.end < number.end:
        clause = reading.span(min(clause.start, start), max(clause.end, number.end))
    qualifier = number.qualifier if start == number.start or number.qualifier == "range" else "exact"
    if qualifier == "exact" and (clause_head(root).lemma_ in _VERBS_ABOVE):
        qualifier = "more_than"
    return Figure(
        evidence=(reading.evidence(clause.start, clause.end),),
        summary=readable(clause_head(root), clause.text),
        said_by=reading.said_by(start, number.end),
        number=reading.span(start, number.end),
        value=number.value,
        low=number.low,
        high=number.high,
        qualifier=qualifier,
        unit=_unit(number, root, noun, tokens),
    )


def _counted(root: Token, tokens: list[Token]) -> Token | None:
    """The noun counted: "3.6 million Syrian *refugees*", "hundreds of thousands of *people*", "two of the *men*"."""
    last = tokens[-1]
    if (whole := _whole(last)) is not None:
        return whole
    for token in (root, last):
        if token.dep_ in _LEFT_OF_NOUN and token.head.i > last.i and token.head.pos_ in _NOMINAL:
            return token.head
    if root.dep_ == "pobj" and root.head.lower_ == "of" and root.head.head.pos_ == "NOUN":
        return root.head.head
    for token in (root, last):
        of = next((kid for kid in token.children if kid.dep_ == "prep" and kid.lower_ == "of" and kid.i > last.i), None)
        if of is not None and of.i <= last.i + 1 and (noun := child(of, ("pobj",))) is not None:
            return noun
    if last.i + 2 < len(last.doc) and last.nbor(1).text == "-" and last.nbor(2).pos_ in ("NOUN", "ADJ", "PROPN"):
        return last.nbor(2)
    return None


def _whole(last: Token) -> Token | None:
    """What is counted in "14 of 16 *economists*"."""
    if last.i + 2 >= len(last.doc) or last.nbor(1).lower_ != "of":
        return None
    other = next(
        (token for token in (last.nbor(2), last.nbor(min(3, len(last.doc) - 1 - last.i))) if token.like_num), None
    )
    if other is None:
        return None
    return other.head if other.head.i > other.i and other.head.pos_ in ("NOUN", "PROPN") else None


def _is_label(number: Number, root: Token, noun: Token | None, tokens: list[Token]) -> bool:
    """A year, a name's number ("Flight 370"), a list item's ("2. ..."), the first half of "two-state"."""
    last = tokens[-1]
    if number.unit:
        return False
    if number.bare_year and not (noun is not None and noun.tag_ in ("NNS", "NNPS") and root.dep_ == "nummod"):
        return True
    if noun is not None:
        return noun.i == last.i + 2 and last.nbor(1).text == "-" and noun.lemma_.lower() in _NOT_COUNTED
    first = tokens[0]
    if number.qualifier == "exact" and first.i and (first.nbor(-1).lower_ in ("now", "aged")) and number.unit == "":
        return (number.value or 0) < 110
    if number.qualifier == "exact" and root.head.i < first.i and _between_commas(first, last):
        return root.head.tag_ == "NN" and (number.value or 0) < 110
    if first.i == 0 or first.nbor(-1).is_space:
        return len(first.doc) <= last.i + 1 or last.nbor(1).text in (".", ")") or last.nbor(1).is_space
    named = root.dep_ in ("nummod", "appos", "nmod", "compound", "npadvmod") and root.head.i == first.i - 1
    return named and root.head.pos_ in ("PROPN", "NOUN") and number.qualifier == "exact" and number.value is not None


def _between_commas(first: Token, last: Token) -> bool:
    """An age beside a noun: "The minister, 61, said"."""
    return first.i > 0 and first.nbor(-1).text == "," and last.i + 1 < len(last.doc) and last.nbor(1).text == ","


def _qualified_from(number: Number, tokens: list[Token]) -> int:
    """Where the figure starts; "over" and "around" that are prepositions of their own are left out."""
    before = tokens[0].nbor(-1) if tokens[0].i else None
    if number.start == number.core or before is None or before.idx < number.start or before.dep_ != "prep":
        return number.start
    if before.lower_ not in ("over", "about", "around", "under", "above", "below"):
        return number.start
    measured = bool(number.unit) or number.value is None or number.value > 20
    return number.start if measured else tokens[0].idx


def _unit(number: Number, root: Token, noun: Token | None, tokens: list[Token]) -> str:
    if number.unit:
        return _measure(number, tokens)
    if noun is None or noun.lower_ in _STATES:
        return _bare_unit(root, tokens)
    fate = _fate(noun, root) or ""
    of = next((kid for kid in noun.children if kid.dep_ == "prep" and kid.lower_ == "of"), None)
    stuff = child(of, ("pobj",)) if of is not None and _measures(noun) else None
    parts = [
        _phrase(noun, after=tokens[-1].i),
        f"of {_phrase(stuff, after=of.i)}" if stuff is not None and of is not None else "",
        fate,
    ]
    rate = number.rate or _rate_after(noun if stuff is None else stuff)
    return " ".join(part for part in (*parts, rate) if part)


def _measure(number: Number, tokens: list[Token]) -> str:
    after = tokens[-1].doc[tokens[-1].i + 1 : tokens[-1].i + 6].text
    if number.unit == "percent" and after.startswith(("of GDP", "of gross domestic product")):
        return "percent of GDP"
    return f"{number.unit} {number.rate}".strip()


def _measures(noun: Token) -> bool:
    return noun.lemma_.lower() in _CONTAINERS


_CONTAINERS = words(
    "tonne ton barrel litre liter gallon kilo kilogram gram pound ounce bushel acre hectare metre meter kilometre",
    "kilometer mile foot inch cubic group pair set type kind case piece sheet bottle bag box truckload",
)


def _rate_after(noun: Token) -> str:
    """The "a year" of "tonnes of crude a year"."""
    doc, at = noun.doc, noun.i + 1
    if at + 1 >= len(doc) or doc[at].lower_ not in ("a", "an", "per", "every"):
        return ""
    what = doc[at + 1].lower_
    later = doc[at + 2].lower_ if at + 2 < len(doc) else ""
    if what not in ("year", "month", "week", "day", "hour", "minute", "second") or later in ("ago", "earlier", "later"):
        return ""
    return f"{doc[at].lower_} {what}"


def _phrase(noun: Token, *, after: int) -> str:
    """The noun with its modifiers, without determiners, numbers and words like "other"."""
    before = [
        kid.text
        for kid in noun.lefts
        if kid.dep_ in _MODIFIERS and kid.i > after and kid.lower_ not in _ANY and kid.pos_ != "NUM" and kid.is_alpha
    ]
    return " ".join([*before, noun.text])


def _fate(noun: Token, root: Token) -> str | None:
    """What became of those counted: killed, displaced, homeless."""
    participle = next(
        (kid for kid in noun.rights if kid.dep_ == "acl" and kid.tag_ == "VBN" and kid.i <= noun.i + 2), None
    )
    if participle is not None:
        return participle.lower_
    relative = next((kid for kid in noun.rights if kid.dep_ == "relcl"), None)
    if relative is not None and relative.lemma_ in _DONE:
        return _DONE[relative.lemma_]
    top = root if noun.i > root.i and root.dep_ not in _LEFT_OF_NOUN else noun
    return _fate_by_verb(top)


def _fate_by_verb(top: Token) -> str | None:
    after = top.nbor(1).lower_ if top.i + 1 < len(top.doc) else ""
    if after in _STATES:
        return after
    verb = top.head
    for _ in range(4):
        if verb.pos_ in ("VERB", "AUX") or verb.head.i == verb.i:
            break
        if verb.dep_ not in ("conj", "appos", "pobj", "prep") or top.dep_ not in ("conj",):
            break
        top, verb = verb, verb.head
    if top.dep_ == "nsubjpass" and verb.lemma_ in _FATES:
        return _FATES[verb.lemma_]
    if top.dep_ in ("dobj", "obj", "pobj") and verb.lemma_ in _FATES:
        return _FATES[verb.lemma_]
    if top.dep_ in ("nsubj", "ccomp") and verb.lemma_ in _DONE:
        return _DONE[verb.lemma_]
    state = child(verb, ("acomp",)) if top.dep_ == "nsubj" else None
    return state.lower_ if state is not None and state.lower_ in _STATES else None


def _bare_unit(root: Token, tokens: list[Token]) -> str:
    """A number without a noun: its fate tells that people are counted; else the subject of "rose to 600"."""
    last = tokens[-1]
    after = last.nbor(1).lower_ if last.i + 1 < len(last.doc) else ""
    fate = after if after in _STATES else _fate_by_verb(root)
    if fate is not None:
        return f"people {fate}"
    verb = clause_head(root)
    counted = child(verb, ("nsubj", "nsubjpass"))
    if counted is None or counted.i in {token.i for token in tokens} or counted.pos_ == "PRON":
        return "people" if root.dep_ in ("nsubj", "nsubjpass") else ""
    if counted.lemma_.lower() in _TOLLS:
        return "people killed"
    return _phrase(counted, after=-1)


def _clause(
    root: Token, noun: Token | None, tokens: list[Token], clauses: dict[int, tuple[int, int]]
) -> tuple[int, int]:
    """The clause that bears the figure, as token numbers; the noun phrase where the clause is very long.

    ``clauses`` remembers the stretch of every verb: a table read as one sentence has hundreds of figures under one.
    """
    verb = clause_head(root)
    if verb.i not in clauses:
        clauses[verb.i] = stretch(verb)
    low, high = clauses[verb.i]
    top = noun if noun is not None else root
    relative = child(top, ("relcl",))
    if relative is not None and relative.lemma_ in _DONE:
        return trim(verb.doc, min(top.left_edge.i, tokens[0].i), top.right_edge.i + 1)
    if not low <= top.i < high or verb.doc[high - 1].idx - verb.doc[low].idx > _LONGEST:
        low, high = min(top.left_edge.i, tokens[0].i), max(_short_right(top), tokens[-1].i) + 1
    low, high = min(low, tokens[0].i), max(high, tokens[-1].i + 1, top.i + 1)
    return trim(verb.doc, low, high)


def _short_right(top: Token) -> int:
    edge = max((kid.right_edge.i for kid in top.rights if kid.dep_ not in SUBORDINATE), default=top.i)
    return min(max(edge, top.i), top.i + 12)
