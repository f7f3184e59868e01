"""Happenings told by a noun: "the *arrest* of the mayor", "Boeing's *protest*", "the *launch* of the phone"."""

from __future__ import annotations

from spacy.tokens import Token

from digests.extract.clauses import child
from digests.extract.happenings.participants import is_measure
from digests.text.wordlist import words

OF_SUFFERER = words(
    "launch release sale appointment arrest killing murder assassination death collapse fall rise decline",
    "growth increase decrease drop acquisition purchase takeover destruction construction production",
    "replacement suspension closure opening landing crash explosion reduction cut delay introduction",
    "development use evaluation selection defeat detention deportation extradition election nomination trial",
    "rescue evacuation bombing shelling shooting invasion occupation liberation merger theft seizure conviction",
    "execution removal dismissal ouster creation formation adoption approval rejection distribution delivery",
    "shipment manufacture implementation investigation review prosecution imprisonment release sinking",
    "hijacking kidnapping abduction poisoning injury wounding disappearance expansion transfer demolition",
    "publication cancellation postponement spread outbreak bailout rally surge flight sales inspection",
    "interrogation installation deployment loss test bankruptcy downgrade nationalisation privatisation recall",
    "launching turmoil cost profit recovery plunge slump",
)
"""Their "of" or possessive names who or what it happens to."""
OF_DOER = words(
    "attack decision protest claim statement announcement plan visit trip speech criticism demand call request",
    "offer proposal refusal promise pledge threat warning victory win apology resignation departure retreat",
    "response complaint lawsuit tour bid vote arrival withdrawal strike offensive raid campaign appeal denial",
    "support opposition intervention advance move attempt effort effort dispute project leave allegation",
    "accusation remark comment testimony",
)
"""Their possessive names who does it; "against" names the sufferer."""


def noun_participants(noun: Token) -> tuple[Token | None, Token | None]:
    """Doer and sufferer of a noun that tells a happening; both None for any other noun."""
    lemma = noun.lemma_.lower()
    undergone = lemma in OF_SUFFERER
    if not undergone and lemma not in OF_DOER:
        return None, None
    owner = child(noun, ("poss",)) or _named_compound(noun)
    of, by = _after(noun, ("of",)), _after(noun, ("by",))
    if undergone:
        sufferer = of if of is not None else owner
        return by or (owner if of is not None else None), sufferer
    return owner or by or of, _after(noun, ("on", "against"))


def _named_compound(noun: Token) -> Token | None:
    """ "the *Airbus* tour": a name before the noun."""
    kid = next((kid for kid in noun.lefts if kid.dep_ == "compound" and kid.pos_ in ("PROPN", "NOUN")), None)
    return kid if kid is not None and kid.i == noun.i - 1 else None


def _after(noun: Token, prepositions: tuple[str, ...]) -> Token | None:
    for kid in noun.rights:
        if kid.dep_ in ("prep", "agent") and kid.lower_ in prepositions and kid.i <= noun.i + 6:
            who = child(kid, ("pobj",))
            return None if who is None or is_measure(who) else who
    return None
