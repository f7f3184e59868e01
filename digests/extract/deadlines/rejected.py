"""Dates that are no deadline and no event: denied, possible, forecast, superseded, past."""

from __future__ import annotations

from spacy.tokens import Token

from digests.extract.clauses import child, is_verb
from digests.extract.deadlines import lexicon as words
from digests.extract.deadlines.clause import governor, governors, helpers, is_denied, is_negated, is_passive, sentence
from digests.extract.deadlines.looks import Look

_DURING = frozenset({"during", "after", "following", "since", "amid", "at"})
"""What a past verb happened at: "during a visit on Wednesday he told"."""
_EXPECT = frozenset({"expect", "see"})


def is_nothing(look: Look) -> bool:
    """Denied, negated, possible, forecast, a question."""
    verb = look.verb
    if look.lead.word in ("after", "since") or look.time.text.lower().startswith("earlier"):
        return True
    if "-quarter" in look.time.text or _is_maturity(look):
        return True
    if look.has_begun and not _is_to_come(look):
        return True
    possible = helpers(verb) & words.POSSIBLE and not helpers(verb) & words.WILL
    if possible or is_denied(verb):
        return True
    if is_negated(verb) and look.lead.boundary != "until":
        return True
    if (above := governor(verb, _EXPECT)) is not None and _is_onlookers(above):
        return True
    if verb.lemma_ in words.FORECAST or any(word.lemma_ in words.FORECAST for word in governors(verb)):
        return True
    return any(kid.lower_ == "whether" for kid in verb.children) or any(
        word.lemma_ in ("ask", "wonder") and child(verb, ("mark",)) is not None for word in governors(verb)
    )


def _is_maturity(look: Look) -> bool:
    """ "debentures due March 1, 2031": a bond's label."""
    due = look.tokens[0].nbor(-1) if look.tokens[0].i else look.tokens[0]
    return due.lower_ == "due" and due.i > 0 and due.nbor(-1).lemma_.lower() in words.PAPERS


def _is_to_come(look: Look) -> bool:
    """Whether the clause looks ahead by itself: what is said of today or this year mostly is no plan."""
    verb = look.verb
    if helpers(verb) & (words.WILL | words.MUST | {"to"}) or verb.lemma_ in words.PLAN | words.GIVE:
        return True
    return look.lead.boundary in ("by", "before", "until") or (
        look.days is not None and look.days[1] > look.today and _coming(look)
    )


def _coming(look: Look) -> bool:
    """ "later this month", "the end of the week": a stretch of a period that has begun."""
    return look.time.mod in ("END", "ON_OR_AFTER")


def _is_onlookers(verb: Token) -> bool:
    """ "Analysts expect inflation to slow": nobody who decides it."""
    who = child(verb, ("nsubj",))
    return who is not None and who.lemma_.lower() in words.ONLOOKERS


def _above(verb: Token) -> list[Token]:
    """The noun a participle modifies and the verbs over it: "the vote, *set for May*, was put off"."""
    for _ in range(3):
        if verb.dep_ not in ("xcomp", "acomp"):
            break
        verb = verb.head
    if verb.dep_ not in ("acl", "relcl"):
        return []
    return [word for word in (verb.head, verb.head.head) if is_verb(word) and word.i != verb.i]


def _moves(verb: Token) -> bool:
    return verb.lemma_ in words.MOVE and is_passive(verb)


def is_superseded(look: Look) -> bool:
    """ "postponed *from Friday* to", "*was to end Sunday*, will last until", "had been due on Monday but"."""
    if look.lead.word == "from" and any(word.lemma_ in words.MOVE for word in (look.verb, *governors(look.verb))):
        return True
    above = look.verb.head if look.verb.dep_ == "xcomp" else look.verb
    if any(
        kid.lower_ in ("originally", "initially", "previously", "once")
        for kid in (*look.verb.children, *above.children)
    ):
        return True
    if any(_moves(word) for word in _above(look.verb)):
        return True
    was = above.lower_ in ("was", "were") or helpers(above) & {"was", "were", "had"}
    planned = above.lemma_ in ("be", "due", "schedule", "set", "expect", "plan", "slate", "suppose")
    if not (was and planned):
        return False
    if "had" in helpers(above) and (is_passive(above) or above.lemma_ in ("plan", "expect", "be", "suppose")):
        return True
    low, high = sentence(above)
    after = {token.lower_ for token in above.doc[look.tokens[-1].i + 1 : high]}
    before = {token.lower_ for token in above.doc[low : above.i]}
    later = after & {
        "but",
        "postponed",
        "delayed",
        "cancelled",
        "canceled",
        "instead",
        "now",
        "extended",
        "will",
        "scrapped",
    }
    return bool(later or before & {"originally", "postponed", "delayed", "cancelled", "extended", "previously"})


def survives_past(look: Look) -> bool:
    """A past verb with a coming date: "set elections for May 3", "extended the truce until June"."""
    year = len(look.time.value) == 4 and look.lead.word not in ("until", "through")
    if look.is_duration or not look.is_ahead or year:
        return False
    if look.lead.boundary == "until":
        near = look.days is not None and (look.days[1] - look.today).days < 8 and look.verb.tag_ == "VBD"
        kept = look.verb.lemma_ in words.MOVE | words.GIVE | words.PROMISE | words.DEMAND | words.KEEP
        return "had" not in helpers(look.verb) and (kept or not near)
    return look.lead.word == "for" and look.names_a_day


def announced_noun(look: Look) -> Token | None:
    """ "announced *elections* on May 3": the noun a coming day hangs on under a past verb."""
    if look.is_duration or not look.is_ahead or len(look.time.value) == 4 or look.lead.word in ("for", "until", "by"):
        return None
    above = look.root.head
    noun = above.head if above.pos_ == "ADP" else above
    if noun.pos_ != "NOUN" or (noun.lemma_.lower() not in words.HAPPENINGS | words.PLAN_NOUNS | words.STATE_NOUNS):
        return None
    if noun.dep_ == "pobj" and noun.head.lower_ in _DURING:
        return None
    return noun
