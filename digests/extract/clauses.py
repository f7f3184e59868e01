"""Clauses in the dependency tree: which verb governs a word, and which stretch of text a clause takes.

Only edges and children are looked at, never whole subtrees, so that a sentence of any length costs linear time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import islice

from spacy.tokens import Doc, Token

from digests.extract.reading import Reading
from digests.model import Span

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
SUBORDINATE = frozenset({"advcl", "ccomp", "relcl", "parataxis", "csubj"})
_CLAUSAL = frozenset(
    {"ROOT", "ccomp", "advcl", "relcl", "acl", "xcomp", "pcomp", "parataxis", "csubj", "csubjpass", "conj"}
)
_MOST_CHILDREN = 120
"""No word of a sentence governs more; in a list of ten thousand numbers one does, and each of them asks."""
_CLIMB = 40
"""No clause of a newspaper lies deeper; a broken parse of a word list does."""


class Offsets:
    """Finds the token at a character offset in logarithmic time; one per doc."""

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        self._starts = [token.idx for token in doc]

    def tokens(self, start: int, end: int) -> list[Token]:
        """The tokens that overlap ``start:end``, blanks left out."""
        at = max(0, bisect_right(self._starts, start) - 1)
        found = []
        while at < len(self._starts) and self._starts[at] < end:
            token = self._doc[at]
            if token.idx + len(token) > start and not token.is_space:
                found.append(token)
            at += 1
        return found


def root_of(tokens: list[Token]) -> Token:
    """The token whose head lies outside the others (the last one if a parse offers none)."""
    inside = {token.i for token in tokens}
    return next((token for token in tokens if token.head.i not in inside or token.head.i == token.i), tokens[-1])


def is_verb(token: Token) -> bool:
    return token.pos_ in ("VERB", "AUX")


def clause_head(token: Token) -> Token:
    """The verb of the smallest clause around a word (the word's last ancestor when there is no verb)."""
    for _ in range(_CLIMB):
        if is_verb(token) and token.dep_ in _CLAUSAL:
            return token
        token = token.head
    return token


def child(token: Token, deps: Iterable[str]) -> Token | None:
    """The first child with one of the dependencies."""
    return next((kid for kid in islice(token.children, _MOST_CHILDREN) if kid.dep_ in deps), None)


def subject(verb: Token) -> Token | None:
    """The subject of a verb: its own, or the one it inherits by conjunction, control or participle.

    "said ..., adding that": the adding is done by who said. In a relative clause "who" is answered by its antecedent.
    """
    for _ in range(_CLIMB):
        own = child(verb, ("nsubj", "nsubjpass"))
        if own is not None:
            if own.tag_ in ("WDT", "WP") or (own.lower_ == "that" and verb.dep_ == "relcl"):
                return verb.head if verb.dep_ == "relcl" else None
            return own
        if verb.dep_ == "acl" and verb.tag_ in ("VBG", "VB"):
            return verb.head
        if verb.dep_ not in ("conj", "xcomp", "advcl", "pcomp") or verb.head.i == verb.i:
            return None
        verb = verb.head if is_verb(verb.head) else clause_head(verb.head)
    return None


def stretch(verb: Token, *, cut: frozenset[str] = SUBORDINATE) -> tuple[int, int]:
    """Token numbers (end exclusive) of a verb's clause, without dependents in ``cut``, marks and edge punctuation."""
    low = high = verb.i
    for kid in islice(verb.children, _MOST_CHILDREN):
        if kid.dep_ in cut or kid.dep_ in ("punct", "mark", "cc", "dep", "meta", "intj"):
            continue
        if kid.dep_ == "conj" and is_verb(kid):
            continue
        low, high = min(low, kid.left_edge.i), max(high, kid.right_edge.i)
    return trim(verb.doc, low, high + 1)


def trim(doc: Doc, low: int, high: int) -> tuple[int, int]:
    """The token range without blanks and commas at its edges; an opening quotation mark goes with its partner only."""
    while low < high - 1 and (doc[low].is_space or doc[low].text in _EDGE):
        low += 1
    while high - 1 > low and (doc[high - 1].is_space or doc[high - 1].text in _EDGE):
        high -= 1
    return low, high


_EDGE = frozenset(",;:.-–—()\"'`") | {"``", "''", "--", "..."}


def span_of(reading: Reading, low: int, high: int) -> Span:
    """The text of a token range."""
    doc = reading.doc
    return reading.span(doc[low].idx, doc[high - 1].idx + len(doc[high - 1]))


def one_line(text: str) -> str:
    """Text on one line, blanks collapsed."""
    return " ".join(text.split())


_CONJUNCTIONS = frozenset(
    {"when", "where", "while", "because", "although", "though", "as", "since", "that", "how", "why", "whereas", "even"}
)
_RELATIVES = frozenset({"which", "who", "where", "that", "whose", "whom"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})


def readable(verb: Token, text: str) -> str:
    """A clause on one line that stands by itself.

    A relative one comes with its antecedent ("Turkey, which hosts 3.6 million refugees"), one without a subject with
    the subject that it shares ("The firm closed two plants", "match ball: fetch up to 3 million"), and a conjunction
    at its head is left out.
    """
    line = one_line(text)
    opener, _, rest = line.partition(" ")
    if _is_relative(opener, rest) and (about := _antecedent(verb)) is not None:
        named = [kid.text for kid in about.lefts if kid.dep_ == "compound"]
        return f"{' '.join([*named, about.text])}, {line}"
    if opener.lower() in _CONJUNCTIONS and verb.dep_ in ("advcl", "ccomp", "relcl", "acl") and " " in rest:
        line = rest.partition(" ")[2] if rest.lower().startswith(("though ", "as ", "when ")) else rest
    return _with_subject(verb, line)


def _is_relative(opener: str, rest: str) -> bool:
    """ "which hosts", "in which 39 died"."""
    second = rest.partition(" ")[0].lower()
    return opener.lower() in _RELATIVES or (second in ("which", "whom", "whose") and opener.islower())


def _antecedent(verb: Token) -> Token | None:
    """What a relative clause is about: its head, or the noun before it where the parser hung it elsewhere."""
    if verb.dep_ == "relcl":
        return verb.head
    before = verb.doc[max(0, verb.left_edge.i - 2) : verb.left_edge.i]
    nouns = [word for word in before if word.pos_ in ("NOUN", "PROPN")]
    return nouns[-1] if nouns and verb.dep_ != "ROOT" else None


def _with_subject(verb: Token, line: str) -> str:
    """The line with the subject its verb shares with another one in front, if the line begins with the verb."""
    opener = line.split(" ", 1)[0].lower()
    own = [
        verb,
        *(kid for kid in islice(verb.lefts, _MOST_CHILDREN) if kid.dep_ in ("aux", "auxpass", "neg", "advmod")),
    ]
    if verb.dep_ not in ("conj", "xcomp", "advcl", "acl", "pcomp") or opener not in {word.lower_ for word in own}:
        return line
    about = verb.head if verb.dep_ == "acl" and verb.head.pos_ in ("NOUN", "PROPN") else subject(verb)
    if about is None or about.i >= verb.i or child(verb, ("nsubj", "nsubjpass")) is not None:
        return line
    low = about.left_edge.i if about.i - about.left_edge.i < 8 else about.i
    who = one_line(verb.doc[low : about.i + 1].text)
    if any(word.tag_ in _FINITE for word in own) or (verb.dep_ == "acl" and verb.tag_ in ("VBG", "VBN")):
        return f"{who} {line}"
    return f"{who}: {line.split(' ', 1)[1] if opener == 'to' and ' ' in line else line}"
