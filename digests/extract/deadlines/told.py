"""Dates of what is told, not of what is to come: timelines, captions, history in the present, habits, labels.

A day without a year may be last year's, and a verb in the present may tell the past: in doubt nothing is kept.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice

from spacy.tokens import Token

from digests.extract.clauses import child, is_verb, subject
from digests.extract.deadlines import lexicon as words
from digests.extract.deadlines.clause import condition_of, governors, helpers, is_negated, is_passive, sentence
from digests.extract.deadlines.looks import Look
from digests.extract.times import PRESENT
from digests.model import Part
from digests.text.dates.words import wordset

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_DAY = rf"(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH})(?:,?\s+\d{{4}})?"
_ENTRY = re.compile(rf"\W{{0,3}}(?:{_DAY}|(?:{_MONTH}\s+)?(?:1[5-9]|20)\d\d)\s*(?:[-–—:]\s|$)", re.MULTILINE)
"""The head of a timeline's entry: "March 1 - ", "Feb. 3, 2014: ", a line of its own."""
_CREDIT = re.compile(
    r"/(?:AP|AFP|Reuters|Getty Images|NurPhoto|Shutterstock|EPA|Pool|Bloomberg|The New York Times|USA TODAY)\b"
    r"|\bvia (?:Getty Images|AP|Reuters|AFP)\b|\bGetty Images\b|\((?:AP|AFP|Reuters) Photo|\bHide Caption\b|\bPhotos?: "
)
_COUNTED_ON = re.compile(
    r"\b(?:later|afterwards?|after|earlier|before|prior|previously)$|^(?:the )?(?:next|following) (?:day|morning)$",
    re.IGNORECASE,
)
_PART_OF_DAY = re.compile(
    r"(?:the\s+)?(?:early |late |mid-?)?(?:morning|afternoon|evening|night|noon|midnight)s?", re.IGNORECASE
)
_CLOCK = re.compile(r"\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\.?)?(?:\s+E[DS]?T)?|noon|midnight", re.IGNORECASE)
_USUAL = wordset(
    "typically usually often generally normally always sometimes traditionally historically annually average"
)
_ANY = frozenset({"any", "every", "each", "most", "both", "random", "typical", "average"})
_SIMPLE = frozenset({"VBZ", "VBP"})
_TIMETABLE = wordset(
    "begin start open reopen close end expire lapse resume finish meet vote play host return arrive leave depart "
    "fly travel visit hold face appear celebrate observe debut premiere air launch release publish kick take come go "
    "run fall turn head join address speak tour convene gather sit become hear land mature retire report decide "
    "continue stop cease change rise elect choose"
)
"""What is said of a coming day in the simple present; other verbs tell ("announces", "signs", "scores")."""
_PLANNING = words.PLAN | words.MOVE | words.PROMISE | words.DEMAND | words.THREATEN | words.GIVE
_PLANNED = words.PLAN | words.PROMISE | words.DEMAND | words.THREATEN | words.OFFER | words.OBLIGED | words.PLAN_NOUNS
_NAMED_DAYS = frozenset({"black", "cyber", "business", "giving", "bloody", "super"})
_QUOTES = frozenset({"“", '"', "''", "``"})
_BE = frozenset({"be", "'s", "’s"})
_REPORTED = wordset(
    "say tell announce add state promise pledge vow confirm report warn threaten insist write note declare indicate "
    "explain reveal decide agree claim argue suggest predict assure reply answer propose order rule know learn "
    "understand hear show mean signal hint find"
)
_TREND = wordset(
    "rise grow fall drop decline climb surge soar plunge slow ease exceed surpass cost total persist suffer "
    "worsen improve continue linger last shrink increase decrease push fetch top peak need prove remain average "
    "account range hover dominate culminate transform"
)
_FIRST_OR_SECOND = frozenset({"you", "we", "i"})
_MANY_MONTHS = 200
"""Days: what is told in the present of a day without a year so far ahead is mostly last year's."""


def is_entry(parts: Sequence[Part], text: str, at: int) -> bool:
    """Whether the paragraph at an offset is a timeline's entry (or stands under a dated line), or a photo's caption."""
    number = bisect_right(parts, at, key=lambda part: part.start) - 1
    if number < 0:
        return False
    part = parts[number]
    low = max(part.start, text.rfind("\n", part.start, at) + 1)
    if _ENTRY.match(text, low, min(part.end, low + 60)) or _CREDIT.search(
        text, max(low, at - 400), min(part.end, at + 200)
    ):
        return True
    above = parts[number - 1] if number else None
    if above is None or above.kind == "dateline" or above.end - above.start >= 40:
        return False
    return _ENTRY.match(text, above.start, above.end) is not None


def is_told(look: Look, *, entry: bool) -> bool:
    """Whether a date that looks ahead belongs to what is told, not to a plan."""
    verb = look.verb
    if _is_counted_on(look) or _is_hour_of_no_day(look) or _is_usual(look) or _asks(verb) or _is_name(look):
        return True
    if _labels_a_thing(look) or _is_said_of_readers(look) or _is_day_of_saying(look) or _may_not_be(verb):
        return True
    own = _helpers(verb)
    if _is_of_a_thing(look) or _is_loose_duty(look, own):
        return True
    willed = bool(own & {"will", "'ll", "’ll", "wo", "must", "shall"}) or _is_planned(verb)
    if entry and not willed:
        return True
    if _is_its_subject(look) or (is_negated(verb) and look.lead.boundary == "until" and verb.tag_ in ("VBD", "VBN")):
        return True
    planned = willed or verb.lemma_ in _PLANNING
    if look.has_begun and look.lead.boundary == "on" and not willed and not is_passive(verb) and _is_done(verb):
        return True
    if any(kid.lower_ in ("likely", "probably") for kid in verb.lefts) and look.lead.boundary in ("by", "until"):
        return True
    if planned:
        return _is_trend(look) and look.lead.boundary in ("on", "by")
    return _is_loose(look, own) or _is_present(look)


def _is_done(verb: Token) -> bool:
    """ "have the honour today", "proud to announce tonight": what is done as it is said, not planned."""
    return verb.lemma_ in words.GIVE | {"announce", "agree", "promise", "pledge", "vow"}


def _is_loose(look: Look, own: set[str]) -> bool:
    """A date under a verb without will or plan: a story's "would", a year, today, a participle, a purpose."""
    verb, on = look.verb, look.lead.boundary == "on"
    if on and own & {"would", "'d", "’d"} and not own & words.MUST and _is_story(verb):
        return True
    out = any(kid.lower_ == "out" for kid in verb.children)
    ends = verb.lemma_ in words.ENDING | words.STARTING or verb.lemma_ in ("last", "mature") or out
    ends = ends and child(verb, ("dobj",)) is None
    if on and not ends and _is_year(look):
        return True
    if on and look.has_begun and "would" not in own and look.time.mod not in ("END", "ON_OR_AFTER"):
        return True
    if on and "to" in own and verb.dep_ in ("advcl", "xcomp", "pcomp") and is_verb(verb.head):
        return not helpers(verb.head) & words.WILL and verb.head.tag_ != "VB"
    return verb.tag_ == "VBG" and not own and verb.lemma_ not in _TIMETABLE


def _is_of_a_thing(look: Look) -> bool:
    """ "the best rates *of the year*", "all about *the start of winter*": which thing, not when."""
    first = look.tokens[0]
    before = first.nbor(-1).lower_ if first.i else ""
    if before in ("the", "this") and first.i > 1:
        before = first.nbor(-2).lower_
    if before == "about":
        return True
    return before == "of" and look.has_begun


def _is_loose_duty(look: Look, own: set[str]) -> bool:
    """ "needs to grow in 2030", "had to be moved to the winter": no day by which."""
    verb = look.verb
    if "have" in own and own & {"would", "'d"}:
        return True
    duty = "to" in own and verb.dep_ == "xcomp" and verb.head.lemma_ in words.OBLIGED
    on = look.lead.boundary == "on" and not look.is_duration
    if duty and on and (_is_year(look) or not look.names_a_day or verb.head.lower_ == "had"):
        return True
    return on and verb.tag_ in ("VB", "VBP") and not own and verb.dep_ == "ROOT" and subject(verb) is None


def _helpers(verb: Token) -> set[str]:
    """Auxiliaries of a verb, or of the first of conjoined verbs."""
    own = helpers(verb)
    if not own and verb.dep_ == "conj" and is_verb(verb.head) and child(verb, ("nsubj", "nsubjpass")) is None:
        return helpers(verb.head)
    return own


def _is_name(look: Look) -> bool:
    """ "Black Friday", "the March on Rome"."""
    first, last = look.tokens[0], look.tokens[-1]
    if first.i and first.nbor(-1).lower_ in _NAMED_DAYS:
        return True
    far = last.i + 2 < len(last.doc)
    return look.time.text == "March" and far and last.nbor(1).lower_ == "on" and last.nbor(2).is_title


def _is_day_of_saying(look: Look) -> bool:
    """ "told reporters *Tuesday* there should be": the day it was said, not the day of what was said."""
    first, verb = look.tokens[0], look.verb
    if not look.names_a_day:
        return False
    if first.i >= verb.i:
        return any(word.lower_ == "according" for word in first.doc[max(verb.i, first.i - 25) : first.i])
    if verb.i - first.i < 30 and any(word.text in _QUOTES for word in first.doc[look.tokens[-1].i : verb.i]):
        return True
    near = first.doc[max(0, first.i - 4) : first.i]
    return any(word.lemma_ in _REPORTED and word.tag_ in ("VBD", "VBN") for word in near)


def _may_not_be(verb: Token) -> bool:
    """ "*could* vote to release them Tuesday", "*won't* be allowed to go on to reopening Monday"."""
    if verb.tag_ == "VBG" and any(is_negated(word) for word in islice(governors(verb), 3) if is_verb(word)):
        return True
    if "to" not in helpers(verb):
        return False
    head = verb.head if is_verb(verb.head) else verb.head.head
    if verb.head.lower_ in ("able", "enough") and not helpers(head) & words.WILL:
        return True
    return verb.dep_ in ("xcomp", "acl", "advcl") and bool(helpers(head) & words.POSSIBLE)


def _is_counted_on(look: Look) -> bool:
    """ "two years later", "the next day": from a day that only the story tells."""
    last = look.tokens[-1]
    after = last.nbor(1).lower_ if last.i + 1 < len(last.doc) else ""
    counted = bool(_COUNTED_ON.search(look.time.text)) or (
        look.is_duration and after in ("before", "later", "earlier", "after", "since", "into")
    )
    counted = counted or re.search(r"\bthat (?:day|week|month|year)\b", look.time.text) is not None
    return counted and not helpers(look.verb) & {"will", "'ll", "’ll"}


def _is_hour_of_no_day(look: Look) -> bool:
    """ "gets home in the afternoon": some afternoon."""
    if _CLOCK.fullmatch(look.time.text):
        return look.lead.word in ("from", "between", "to", "after", "and", "starting", "beginning")
    return _PART_OF_DAY.fullmatch(look.time.text) is not None and look.lead.word in ("in", "at", "")


def _is_usual(look: Look) -> bool:
    """ "usually on Mondays", "on any Tuesday", "on average"."""
    near = [*islice(look.verb.children, 40), *look.root.children]
    first = look.root.head if look.root.dep_ == "conj" else look.tokens[0]
    before = look.root.doc[max(0, first.i - 2) : first.i]
    if any(kid.lower_ in _USUAL for kid in near) or any(word.lower_ in _ANY for word in before):
        return True
    return any(kid.lower_ == "on" and any(low.lower_ == "average" for low in kid.children) for kid in near)


def _asks(verb: Token) -> bool:
    """A question's sentence promises nothing."""
    _, high = sentence(verb)
    ends = [token.text for token in verb.doc[max(verb.i, high - 4) : high]]
    return "?" in ends and verb.dep_ in ("ROOT", "ccomp", "conj", "xcomp", "advcl")


def _labels_a_thing(look: Look) -> bool:
    """ "the Jan. 6 riot", "winter gear", "Roberts' Monday order": the date is part of a thing's name."""
    noun = look.root.head
    if look.root.dep_ not in ("compound", "nmod", "poss", "amod", "nummod", "npadvmod") or noun.i < look.root.i:
        return False
    if noun.pos_ not in ("NOUN", "PROPN") or noun.i - look.tokens[-1].i > 6:
        return False
    lemma = noun.lemma_.lower()
    return lemma not in words.HAPPENINGS | words.PLAN_NOUNS | words.DEADLINE_NOUNS | words.OCCASIONS


def _is_said_of_readers(look: Look) -> bool:
    """ "what you need to know today": nobody in the news has to."""
    about = subject(look.verb)
    if about is None or about.lower_ not in _FIRST_OR_SECOND:
        return False
    if look.verb.lemma_ == "know" and about.lower_ == "you":
        return True
    return look.has_begun and look.verb.head.lemma_ in ("need", "have", "get", "force") and look.verb.dep_ == "xcomp"


def _is_planned(verb: Token) -> bool:
    """An infinitive under a plan, or a passive plan: "is set to", "plans to", "the plan to"."""
    above = list(islice(governors(verb), 3))
    if "to" not in helpers(verb):
        return any(word.lemma_ in words.PLAN | words.PROMISE | words.THREATEN | words.OFFER for word in above[:2])
    if verb.dep_ == "xcomp" and (verb.head.lemma_ == "be" or (verb.head.lemma_ == "go" and verb.head.tag_ == "VBG")):
        return True
    asked = ("want", "ask", "call", "invite", "due", "likely", "elect", "wait", "right", "deadline")
    return any(word.lemma_.lower() in _PLANNED or word.lemma_.lower() in asked for word in above)


def _is_its_subject(look: Look) -> bool:
    """ "*2019* is going to see calls", "*Friday* marks the start": the day itself is told about."""
    root = look.root
    if root.dep_ not in ("nsubj", "nsubjpass") or not is_verb(root.head):
        return False
    said = child(root.head, ("attr", "dobj"))
    named = words.HAPPENINGS | words.DEADLINE_NOUNS | words.OCCASIONS
    return said is None or said.lemma_.lower() not in named or root.head.lemma_ != "be"


def _is_story(verb: Token) -> bool:
    """ "would" that nobody is reported to have said: the future of a story that is over."""
    if condition_of(verb) is not None or any(
        word.text in ("“", '"', "''", "``") for word in verb.doc[max(0, verb.i - 30) : verb.i]
    ):
        return False
    if is_passive(verb) or any(verb.lemma_ == lemma for lemma, _ in words.EFFECT):
        return False
    token = verb
    for _ in range(6):
        if token.dep_ == "ROOT" or token.head.i == token.i:
            return not any(kid.lemma_ in _REPORTED for kid in token.children)
        token = token.head
        if token.lemma_ in _REPORTED | words.PLAN_NOUNS | words.STATE_NOUNS or token.lemma_ in (
            "bill",
            "measure",
            "proposal",
        ):
            return False
    return True


def _is_year(look: Look) -> bool:
    """A year or more, or a season or a year called "this": too wide to be kept without a word of planning."""
    days = look.days
    if days is None:
        return False
    wide = (days[1] - days[0]).days
    text = look.time.text.lower()
    return wide > 300 or (wide > 60 and text.startswith("this "))


def _is_present(look: Look) -> bool:
    """The simple present of a verb that has no timetable, or of a day that is not told to lie ahead."""
    verb = look.verb
    own = helpers(verb)
    if verb.tag_ not in _SIMPLE and not (is_verb(verb) and is_passive(verb) and own <= {"is", "are", "being"}):
        return False
    if own & (words.WILL | words.MUST | words.POSSIBLE | {"to"}) or look.lead.boundary in ("by", "before", "until"):
        return False
    if verb.tag_ == "VBN":
        return False
    if verb.lemma_ in words.PLAN | words.GIVE | words.DEMAND | words.PROMISE or verb.lower_ in PRESENT:
        return _is_far(look)
    if verb.lemma_ in _BE:
        return not _is_occasion(verb)
    return verb.lemma_ not in _TIMETABLE or _is_far(look)


def _is_occasion(verb: Token) -> bool:
    """ "The vote is on Friday", "the deal is due": what is on a day."""
    about = child(verb, ("nsubj", "nsubjpass", "expl"))
    said = child(verb, ("acomp", "attr"))
    named = words.HAPPENINGS | words.DEADLINE_NOUNS | words.OCCASIONS | words.PLAN_NOUNS | words.CLOSED_BY
    named = named - {"it", "this", "that", "which", "there"}
    for word in (about, said):
        if word is not None and (word.lemma_.lower() in named or word.lower_ in ("due", "set", "expected", "ready")):
            return True
    return False


def _is_far(look: Look) -> bool:
    days = look.days
    return (
        days is not None
        and not re.search(r"\d{4}|next|coming", look.time.text)
        and ((days[0] - look.today).days > _MANY_MONTHS)
    )


def _is_trend(look: Look) -> bool:
    """ "prices will rise into the summer": a forecast of a thing, whoever says so."""
    verb = look.verb
    if verb.lemma_ not in _TREND or not helpers(verb) & (words.WILL | {"to"}) or is_passive(verb):
        return False
    about = subject(verb)
    if about is None or about.pos_ != "NOUN":
        return False
    tellers = [child(word, ("nsubj",)) for word in governors(verb) if word.lemma_ in _REPORTED]
    if any(who is not None and who.lemma_.lower() in words.ONLOOKERS for who in tellers):
        return True
    return about.lemma_.lower() not in words.HAPPENINGS | words.STATE_NOUNS
