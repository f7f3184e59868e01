"""Whose mouth a clause is in, and whether its subject is the speaker's own side."""

from __future__ import annotations

from bisect import bisect_right

from spacy.tokens import Token

from digests.extract.clauses import Offsets, child, is_verb, subject
from digests.extract.commitments import lexicon
from digests.extract.people.lexicon import is_role
from digests.extract.reading import Reading
from digests.text import countries

_FIRST = frozenset(("we", "i"))
_THIRD = frozenset(("it", "he", "she", "they"))
_WORKERS = frozenset(("union", "association", "federation", "syndicate"))
_CLIMB = 12


def same_party(pronoun: Token, party: Token) -> bool:
    """Whether the subject of a complement clause can be the subject of the clause above."""
    word = pronoun.lower_
    if word in _FIRST or word == party.lower_:
        return True
    if word not in _THIRD:
        return False
    plural = party.tag_ in ("NNS", "NNPS") or party.lower_ in ("they", "we") or child(party, ("conj",)) is not None
    return plural or word != "they" or party.pos_ in ("NOUN", "PROPN")


def could_act(who: Token) -> bool:
    """Somebody or a body that can give its word, as far as the word itself shows: a subpoena or a flood cannot."""
    if who.pos_ == "PRON":
        return who.lower_ not in ("that", "which", "this", "these", "what")
    word = who.lemma_.lower()
    if who.pos_ == "PROPN" or who.text[0].isupper() or word in lexicon.OFFICIALS or word in lexicon.BODIES:
        return True
    if is_role(word) or word.endswith(_AGENTS) or (who.tag_ == "NNS" and word.endswith(_PLURAL_AGENTS)):
        return True
    return word.endswith(("er", "or")) and word not in lexicon.THINGS_IN_ER


_AGENTS = ("ist", "man", "woman", "ian", "people", "person", "lord", "parent")
_PLURAL_AGENTS = ("ee", "ant", "ent", "nurse", "side", "family", "power", "member", "ally")


class Voices:
    """Looks up the speakers of one article."""

    def __init__(self, reading: Reading, offsets: Offsets) -> None:
        self._reading = reading
        self._offsets = offsets
        self._contents = sorted(
            (content.start, content.end, attribution.speaker.start, attribution.speaker.end)
            for attribution in reading.attributions
            for content in attribution.contents
            if attribution.speaker is not None
        )
        self._officials: dict[str, frozenset[str]] | None = None
        self._sides: dict[str, list[Token]] | None = None

    def speaker(self, verb: Token) -> tuple[Token, Token | None] | None:
        """Who says the clause of ``verb``, with the verb of saying when the parse shows one."""
        found = _reported_by(verb)
        if found is not None:
            who = subject(found)
            if who is not None and who.pos_ in ("PROPN", "NOUN", "PRON"):
                return who, found
        return _misread(verb) or self._attributed(verb)

    def _attributed(self, verb: Token) -> tuple[Token, Token | None] | None:
        at = bisect_right(self._contents, (verb.idx, 1 << 60, 0, 0)) - 1
        for start, end, who, whom in reversed(self._contents[max(0, at - 8) : at + 1]):
            if start <= verb.idx < end:
                tokens = self._offsets.tokens(who, whom)
                if tokens:
                    inside = {token.i for token in tokens}
                    return next((t for t in tokens if t.head.i not in inside), tokens[-1]), None
        return None

    def is_official(self, who: Token) -> bool:
        """Somebody with standing: a title in the noun phrase or beside the same name anywhere in the article."""
        if _titled(who) or who.lemma_.lower() in lexicon.BODIES:
            return True
        if who.pos_ == "PROPN":
            return self._is_body(who) or who.lower_ in self._known_officials()
        if who.pos_ == "PRON":
            actor = self._reading.actor(who.idx, who.idx + len(who), head=who.idx)
            return bool(set(actor.name.lower().split()) & self._known_officials().keys())
        return False

    def own_side(self, acting: Token, who: Token) -> bool:
        """Whether ``acting`` is the speaker, or a body or country an official speaks for."""
        if acting.lower_ in _FIRST:
            return True
        if acting.lower_ in _THIRD:
            return self._same_entity(acting, who) and same_party(acting, who)
        if acting.text == who.text:
            return True
        possessor = child(acting, ("poss",))
        if possessor is not None and possessor.lower_ in ("its", "his", "her", "their", "our", "my"):
            return acting.lemma_.lower() in lexicon.BODIES or possessor.lower_ in ("our", "my")
        if acting.tag_ == "NNS" and any(
            token.lower_ in _WORKERS for token in who.doc[who.left_edge.i : who.i + 1][-8:]
        ):
            return True
        return self._is_body(acting) and self.is_official(who) and not self._foreign(acting, who)

    def _is_body(self, token: Token) -> bool:
        """A country or an organisation, by its word or by who is who in the article."""
        if token.lemma_.lower() in lexicon.BODIES or countries.place(token.text) is not None:
            return True
        found = self._reading.mention_at(token.idx, token.idx + len(token), head=token.idx)
        return token.pos_ == "PROPN" if found is None else found.kind == "name" and found.type != "person"

    def _foreign(self, acting: Token, who: Token) -> bool:
        """A speaker whose own country is named and is another: a U.S. official on what Russia will do."""
        theirs = _country(acting)
        named = _countries(who) | self._known_officials().get(who.lower_, frozenset())
        return theirs is not None and bool(named) and theirs not in named

    def side_of(self, who: Token, *, before: Token) -> Token | None:
        """The country or body that ``who`` last spoke of as acting: "Cavusoglu said that *Turkey* wants ..."."""
        if who.lower_ not in self._sides_by_name():
            return None
        earlier = [side for side in self._sides_by_name()[who.lower_] if side.i < before.i]
        return earlier[-1] if earlier else None

    def _sides_by_name(self) -> dict[str, list[Token]]:
        if self._sides is None:
            self._sides = {}
            for token in self._reading.doc:
                if token.dep_ == "nsubj" and token.head.dep_ == "ccomp" and countries.place(token.text) is not None:
                    cue = _reported_by(token.head)
                    said = subject(cue) if cue is not None else None
                    if said is not None and said.pos_ == "PROPN" and not self._foreign(token, said):
                        self._sides.setdefault(said.lower_, []).append(token)
        return self._sides

    def _same_entity(self, pronoun: Token, who: Token) -> bool:
        mine = self._reading.actor(pronoun.idx, pronoun.idx + len(pronoun), head=pronoun.idx)
        theirs = self._reading.actor(who.idx, who.idx + len(who), head=who.idx)
        if mine.entity is None or theirs.entity is None or mine.entity == theirs.entity:
            return True
        return who.sent.start > pronoun.i or pronoun.lower_ in ("it", "they")

    def _known_officials(self) -> dict[str, frozenset[str]]:
        """Last names (lower case) that stand beside a title somewhere in the article, with the countries there."""
        if self._officials is None:
            self._officials = {}
            for token in self._reading.doc:
                if token.pos_ == "PROPN" and _titled(token):
                    known = self._officials.get(token.lower_, frozenset())
                    self._officials[token.lower_] = known | _countries(token)
        return self._officials


def _misread(verb: Token) -> tuple[Token, Token] | None:
    """ "..., the chair, Fatou Sillah, said on Thursday", taken by the parser for a second thing the subject did."""
    cue = next((kid for kid in verb.rights if kid.dep_ == "conj" and kid.lemma_ in lexicon.REPORT), None)
    if cue is None or cue.tag_ != "VBD" or child(cue, ("nsubj", "ccomp", "xcomp", "cc")) is not None:
        return None
    before = cue.nbor(-1) if cue.nbor(-1).text != "," else cue.nbor(-2)
    return (before, cue) if before.pos_ == "PROPN" and before.i > verb.i else None


def _titled(who: Token) -> bool:
    if who.lemma_.lower() in lexicon.OFFICIALS:
        return True
    near = [kid for kid in who.children if kid.dep_ in ("compound", "appos", "nmod", "amod")]
    if who.dep_ == "appos":
        near.append(who.head)
    return any(kid.lower_ in lexicon.OFFICIALS or kid.lemma_.lower() in lexicon.OFFICIALS for kid in near)


def _countries(who: Token) -> frozenset[str]:
    """The countries named in somebody's noun phrase: "Turkish Defence Minister Hulusi Akar"."""
    near = [who, *who.children]
    if who.dep_ == "appos":
        near += [who.head, *who.head.children]
    return frozenset(country for token in near if (country := _country_of_word(token)) is not None)


def _country(token: Token) -> str | None:
    own = _country_of_word(token)
    if own is not None:
        return own
    return next((found for kid in token.lefts if (found := _country_of_word(kid)) is not None), None)


def _country_of_word(token: Token) -> str | None:
    if token.pos_ not in ("PROPN", "ADJ", "NOUN"):
        return None
    found = countries.place(token.text)
    return found.country if found is not None else countries.demonym(token.text)


def _reported_by(verb: Token) -> Token | None:
    """The verb of saying above a clause: "said it would ...", "..., he said", "..., the judge ruled"."""
    at = verb
    for _ in range(_CLIMB):
        above = at.head
        if above.i == at.i:
            break
        if at.dep_ in ("ccomp", "acl") and (cue := _cue_above(at)) is not None:
            return cue if not any(kid.dep_ == "neg" for kid in cue.children) else None
        if at.dep_ in ("conj", "xcomp", "acomp") and is_verb(at) and (is_verb(above) or above.pos_ == "ADJ"):
            at = above
            continue
        if at.dep_ == "ccomp" and above.dep_ == "ccomp" and is_verb(above):
            at = above
            continue
        return None
    beside = child(at, ("parataxis", "ccomp"))
    if beside is not None and beside.lemma_.lower() in lexicon.REPORT and beside.i > at.i and child(beside, ("nsubj",)):
        return beside
    return None


def _cue_above(clause: Token) -> Token | None:
    """The verb of saying a clause hangs on: straight, or by whom it was told to ("told lawmakers that ...")."""
    above = clause.head
    if clause.dep_ == "acl":
        that = any(kid.dep_ == "mark" and kid.lower_ == "that" for kid in clause.children)
        above = above.head if that and above.dep_ in ("dobj", "dative") else above
    return above if above.lemma_.lower() in lexicon.REPORT and is_verb(above) else None
