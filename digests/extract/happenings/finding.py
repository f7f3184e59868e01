"""From verbs to facts: participants named, place and day beside them, denial and report marked."""

from __future__ import annotations

from bisect import bisect_right

from spacy.tokens import Token

from digests.extract.clauses import child, readable, span_of, stretch
from digests.extract.happenings.nominal import noun_participants
from digests.extract.happenings.participants import participants
from digests.extract.reading import Reading
from digests.model import Actor, Fact, Happening, Predicate
from digests.text.wordlist import words

_REPORTS = words(
    "say tell add announce report claim allege declare state write argue insist warn confirm believe think",
    "suggest estimate expect fear suspect maintain explain note tweet post deny",
)
_UNSPOKEN = words("it this that these those there which what who whom whose here")
"""Pronouns that stand for nobody unless the article's mentions say for whom."""
_WHERE = words("in at near outside inside across around on")
_MOST = 400


def find(reading: Reading) -> list[Fact]:
    """Every happening of the article, in text order."""
    return [each for token in reading.doc if (each := _happening(token, reading)) is not None]


def _happening(verb: Token, reading: Reading) -> Happening | None:
    if verb.pos_ == "NOUN" and verb.dep_ != "compound":
        doer, sufferer = noun_participants(verb)
    elif verb.pos_ == "VERB" and verb.dep_ not in ("aux", "auxpass", "amod", "compound") and verb.text.isalpha():
        doer, sufferer = participants(verb)
    else:
        return None
    agent, patient = _actor(doer, reading), _actor(sufferer, reading)
    if agent is None and patient is None:
        return None
    low, high = stretch(verb)
    clause = span_of(reading, low, high)
    if len(clause.text) > _MOST:
        clause = reading.span(verb.idx, verb.idx + len(verb))
    return Happening(
        evidence=(reading.evidence(clause.start, clause.end),),
        summary=_with_name(readable(verb, clause.text), agent),
        said_by=reading.said_by(verb.idx, verb.idx + len(verb)),
        predicate=Predicate(start=verb.idx, end=verb.idx + len(verb), text=verb.text, lemma=verb.lemma_.lower()),
        agent=agent,
        patient=patient,
        where=_where(verb, reading),
        when=_when(verb, reading),
        negated=any(kid.dep_ == "neg" for kid in verb.children),
        reported=_is_reported(verb, reading),
    )


def _with_name(line: str, agent: Actor | None) -> str:
    """A line that begins with a pronoun says whom it means: it stands by itself."""
    if agent is None or agent.entity is None or agent.text.lower() not in ("he", "she", "they"):
        return line
    opener = line[: len(agent.text)]
    return agent.name + line[len(opener) :] if opener == agent.text and not line[len(opener) :][:1].isalnum() else line


def _actor(head: Token | None, reading: Reading) -> Actor | None:
    """The participant: its noun phrase up to its head ("the first Airbus *A380*"), named by who is who."""
    if head is None or head.pos_ not in ("NOUN", "PROPN", "PRON", "NUM", "SYM"):
        return None
    doc = reading.doc
    low, high = head.left_edge.i, head.i + 1
    if high < len(doc) and doc[high].dep_ == "nummod" and doc[high].head.i == head.i:
        high += 1
    while low < head.i and (doc[low].is_space or doc[low].is_punct or doc[low].lower_ in ("both", "either")):
        low += 1
    start, end = doc[low].idx, doc[high - 1].idx + len(doc[high - 1])
    named = reading.mention_at(start, end, head=head.idx)
    if named is not None and named.kind == "name":
        start, end = min(start, named.start), max(end, named.end)
    actor = reading.actor(start, end, head=head.idx)
    return None if actor.entity is None and head.lower_ in _UNSPOKEN - {"it", "this"} else actor


def _where(verb: Token, reading: Reading) -> str | None:
    """The place named beside the verb: "in Idlib"."""
    for kid in verb.rights:
        if kid.dep_ == "prep" and kid.lower_ in _WHERE and (place := child(kid, ("pobj",))) is not None:
            found = reading.mention_at(place.idx, place.idx + len(place), head=place.idx)
            if found is not None and found.type == "place":
                return found.name
    return None


def _when(verb: Token, reading: Reading) -> str | None:
    """The TIMEX3 value of the time expression that hangs on the verb."""
    for kid in verb.children:
        head = child(kid, ("pobj",)) if kid.dep_ == "prep" else kid if kid.dep_ in ("npadvmod", "advmod") else None
        if head is None:
            continue
        at = bisect_right(reading.times, head.idx, key=lambda time: time.start) - 1
        if at >= 0 and reading.times[at].end > head.idx and reading.times[at].type in ("DATE", "TIME"):
            return reading.times[at].value
    return None


def _is_reported(verb: Token, reading: Reading) -> bool:
    """Somebody's words, not the paper's: inside what is said, or under a verb of saying."""
    if reading.said_by(verb.idx, verb.idx + len(verb)) is not None:
        return True
    at = verb
    for _ in range(12):
        if at.dep_ == "ccomp" and at.head.lemma_.lower() in _REPORTS:
            return True
        if at.head.i == at.i:
            return False
        at = at.head
    return False
