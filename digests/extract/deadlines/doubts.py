"""Dates that bind nobody: what nobody can say will be, opening hours, days that only bound or describe a thing."""

from __future__ import annotations

import re
from itertools import islice

from spacy.tokens import Token

from digests.extract.clauses import child
from digests.extract.deadlines.clause import governors
from digests.extract.deadlines.looks import Look
from digests.text.dates.words import wordset

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_DAYS = re.compile(rf"\W*(?:through|thru|to|until|till|-|–|—)\s*{_WEEKDAY}\b", re.IGNORECASE)
_FIRST_DAY = re.compile(_WEEKDAY, re.IGNORECASE)
_BEYOND = frozenset({"beyond", "past"})
_RUN_UP = frozenset({"run", "lead", "build", "up", "-", "run-up", "runup", "lead-up", "leadup", "build-up", "buildup"})
_UNABLE = frozenset({"unable", "unlikely", "impossible"})
_JESTS = wordset("joke quip jest tease kid")
_UNSURE = wordset("confirmation evidence guarantee indication sign certainty assurance chance word reason need")
_NEAR = 40


def is_doubtful(look: Look) -> bool:
    """Whether a date stands where nobody is bound by it."""
    return _is_timetable(look) or _bounds_something(look) or _is_unsure(look.verb) or _describes_the_subject(look)


def _is_timetable(look: Look) -> bool:
    """ "open Monday through Friday", "Monday-Friday from 9 a.m.": hours of every week."""
    if not _FIRST_DAY.fullmatch(look.time.text):
        return False
    first, last = look.tokens[0], look.tokens[-1]
    after = last.doc[last.i + 1 : last.i + 3].text
    before = first.doc[max(0, first.i - 2) : first.i].text
    ranged = _DAYS.match(f" {after}") or re.search(
        rf"{_WEEKDAY}\W*(?:through|thru|to|-|–|—)\W*$", before, re.IGNORECASE
    )
    return bool(ranged)


def _bounds_something(look: Look) -> bool:
    """ "stay *beyond* April 1", "in the run-up *to* Christmas": not on that day."""
    before = [token.lower_ for token in look.tokens[0].doc[max(0, look.tokens[0].i - 4) : look.tokens[0].i]]
    before = [word for word in before if word not in ("the", "this")]
    if before and before[-1] in _BEYOND:
        return True
    return len(before) > 1 and before[-1] == "to" and before[-2] in _RUN_UP


def _is_unsure(verb: Token) -> bool:
    """ "*unable* to agree on Friday", "*joked* it would open then", "*no confirmation* that charges will come"."""
    about = child(verb, ("nsubj", "nsubjpass"))
    first = about.left_edge.i if about is not None else verb.i
    before = list(verb.doc[max(0, first - 2) : first])  # where the parser hung the clause on another verb
    for word in (verb.head, *islice(governors(verb), 3), *before):
        if word.lemma_.lower() in _UNABLE | _JESTS:
            return True
        if word.lemma_.lower() in _UNSURE and any(kid.lower_ in ("no", "little") for kid in word.children):
            return True
    return False


def _describes_the_subject(look: Look) -> bool:
    """ "*visitors interested in the weekend of May 3* should call": whom it is about, not when."""
    about = child(look.verb, ("nsubj", "nsubjpass"))
    if about is None or not about.left_edge.i <= look.root.i <= about.right_edge.i:
        return False
    word = look.root
    for _ in range(_NEAR):
        if word.i == about.i:
            return False
        if word.dep_ in ("acl", "relcl", "amod"):
            return word.head.i == about.i
        word = word.head
    return False
