"""What the clause around a date says about it: its verb, modality, governors, negation and condition."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from digests.extract.clauses import child, clause_head, is_verb
from digests.extract.deadlines.lexicon import CALL_OFF, CANCEL, CONDITION, DENY, PERMITTING, PLAN_NOUNS, WILL

_UP = 6


def sentence(token: Token, *, reach: int = 80) -> tuple[int, int]:
    """Token numbers (end exclusive) of the sentence around a token, at most ``reach`` to either side.

    ``Token.sent`` walks the whole sentence, which in a text without full stops may be the whole text.
    """
    doc, low, high = token.doc, token.i, token.i + 1
    while low > 0 and token.i - low < reach and not doc[low].is_sent_start:
        low -= 1
    while high < len(doc) and high - token.i < reach and not doc[high].is_sent_start:
        high += 1
    return low, high


def helpers(verb: Token) -> set[str]:
    """Lower-case auxiliaries of a verb; a conjoined verb without any shares those of the first."""
    for _ in range(_UP):
        own = {kid.lower_ for kid in verb.children if kid.dep_ in ("aux", "auxpass")}
        bare = not own and child(verb, ("nsubj", "nsubjpass")) is None and verb.dep_ == "conj"
        if not bare or verb.tag_ not in ("VB", "VBN", "VBP", "VBG"):
            return own
        verb = verb.head
    return set()


def is_passive(verb: Token) -> bool:
    """Passive by its subject or auxiliary, or a participle without any ("wants the notes *handed* in")."""
    if child(verb, ("nsubjpass", "auxpass")) is not None:
        return True
    return verb.tag_ == "VBN" and child(verb, ("aux",)) is None and verb.dep_ in ("ccomp", "xcomp", "acl")


def governors(verb: Token) -> Iterator[Token]:
    """The words that govern a clause, nearest first; what lies beyond an adverbial or relative clause does not."""
    for _ in range(_UP):
        if (
            verb.head.i == verb.i
            or verb.dep_ in ("advcl", "ROOT")
            or (verb.dep_ == "relcl" and "to" not in helpers(verb))
        ):
            return
        if verb.dep_ != "conj" or is_verb(verb.head):
            verb = verb.head
        else:
            return
        yield verb


def governor(verb: Token, lemmas: frozenset[str]) -> Token | None:
    """The governor with one of the lemmas, reached through complements only (what is said to be said is not)."""
    token = verb
    for _ in range(_UP):
        if token.head.i == token.i or token.dep_ not in (
            "xcomp",
            "ccomp",
            "acl",
            "conj",
            "pcomp",
            "dobj",
            "prep",
            "pobj",
        ):
            return None
        conjoined = token.dep_ == "conj"
        token = token.head
        if token.lemma_.lower() in lemmas and not conjoined:
            return token
        if token.lemma_ in ("say", "add", "tell") and not conjoined:
            return token if token.lemma_ in lemmas else None
    return None


def is_negated(verb: Token) -> bool:
    """ "will not meet", "has no plans to", "no talks are planned": the verb, its subject or what governs it."""
    if _negation(verb):
        return True
    about = child(verb, ("nsubj", "nsubjpass"))
    if about is not None and any(kid.lower_ in ("no", "neither", "nobody") for kid in (about, *about.children)):
        return True
    if verb.dep_ in ("xcomp", "acl"):
        head = verb.head
        return _negation(head) or any(kid.lower_ == "no" for kid in head.children)
    return False


def _negation(verb: Token) -> bool:
    return any(kid.dep_ == "neg" or kid.lower_ in ("never", "neither") for kid in verb.children)


def is_denied(verb: Token) -> bool:
    """Whether the clause is what somebody denied, ruled out or called off.

    A cue reaches its own complement only, never an adverbial clause: "unless they *withdraw* by May" is no denial.
    """
    for word in governors(verb):
        if word.lemma_ in DENY and word.pos_ in ("VERB", "NOUN") and not _negation(word):
            return True
        if _calls_off(word):
            return True
    return not helpers(verb) & (WILL | {"to"}) and _calls_off(verb)


def _calls_off(verb: Token) -> bool:
    particles = {kid.lower_ for kid in verb.children if kid.dep_ in ("prt", "advmod", "prep")}
    if any(verb.lemma_ == lemma and word in particles for lemma, word in CALL_OFF):
        return True
    if verb.lemma_ not in CANCEL or verb.pos_ != "VERB":
        return False
    thing = child(verb, ("dobj", "nsubjpass"))
    if verb.lemma_ in ("withdraw", "drop", "halt", "suspend", "ditch"):
        return thing is not None and thing.lemma_ in PLAN_NOUNS
    return thing is not None or verb.tag_ == "VBN"


def object_of(head: Token, preposition: str) -> Token | None:
    """The object of one of a word's prepositions (or of one that hangs on its object)."""
    for word in (head, *(kid for kid in head.children if kid.dep_ == "dobj")):
        for kid in word.children:
            if kid.dep_ in ("prep", "dative") and kid.lower_ == preposition:
                return child(kid, ("pobj",))
    return None


def condition_of(verb: Token) -> Token | None:
    """The verb of the clause that conditions this one: "if talks fail", "unless they leave", "weather permitting"."""
    for word in (verb, *_sharing(verb)):
        for kid in word.children:
            if kid.dep_ == "advcl" and (kid.lower_ == PERMITTING or marker(kid) in CONDITION):
                return kid
    return None


def _sharing(verb: Token) -> list[Token]:
    """Verbs whose condition holds for this one too: the first of conjoined verbs, the governor of an infinitive."""
    found = []
    for _ in range(3):
        if verb.dep_ not in ("conj", "xcomp", "ccomp") or verb.head.i == verb.i:
            break
        verb = verb.head
        found.append(verb)
    return found


def marker(verb: Token) -> str:
    """The conjunction that opens an adverbial clause, lower case, or ''."""
    mark = child(verb, ("mark",)) or child(verb, ("advmod",))  # "even *if*"
    return mark.lower_ if mark is not None and mark.i < verb.i else ""


def enclosing_condition(verb: Token) -> Token | None:
    """The if- or unless-clause a verb stands in, or None."""
    for _ in range(_UP):
        if verb.dep_ == "advcl" and marker(verb) in CONDITION:
            return verb
        if verb.head.i == verb.i or verb.dep_ in ("ROOT", "relcl"):
            return None
        verb = clause_head(verb.head)
    return None
