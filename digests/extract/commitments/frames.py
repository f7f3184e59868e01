"""What a commitment is made of while it is still grammar: tokens, not names."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from digests.extract.clauses import is_verb
from digests.extract.commitments import lexicon
from digests.model import CommitmentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One commitment in the tree.

    ``actor``: the head of the noun phrase that acts or demands. ``verb``: the verb (or noun) that heads the action.
    ``whole``: the action is the whole clause, its subject being somebody else. ``governor``: the verb the condition may
    hang on. ``speaker``: whoever says so, when a verb of saying stands above. ``order``: smaller is surer.
    """

    type: CommitmentType
    actor: Token
    verb: Token
    governor: Token
    speaker: Token | None = None
    target: Token | None = None
    whole: bool = False
    noun: bool = False
    alone: bool = False
    """The alternative after "or" is a commitment of its own."""


def alternative(verb: Token) -> Token | None:
    """The B of "A or face B"."""
    either = any(kid.dep_ == "cc" and kid.lower_ == "or" for kid in verb.children)
    other = next((kid for kid in verb.children if kid.dep_ == "conj" and is_verb(kid)), None)
    if either and other is not None and any(kid.lower_ == "you" for kid in other.lefts):
        return other
    return other if either and other is not None and other.lemma_ in lexicon.SUFFER | {"be", "leave"} else None
