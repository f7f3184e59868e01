"""Who is to act by a date, and what: the actor and the action's stretch of text."""

from __future__ import annotations

import re
from bisect import bisect_left

from spacy.tokens import Token

from digests.extract.clauses import SUBJECTS, child, is_verb, subject, trim
from digests.extract.deadlines.clause import governor, governors, is_passive, object_of, sentence
from digests.extract.deadlines.lexicon import (
    CLOSED_BY,
    DEADLINE_NOUNS,
    DEMAND,
    GIVE,
    HAPPENINGS,
    MOVE,
    PROMISE,
    STATE_NOUNS,
    THREATEN,
)
from digests.extract.deadlines.looks import Frame, Look
from digests.extract.reading import Reading
from digests.model import Actor, Mention, Span

_FIRST_PERSON = frozenset({"we", "i"})
_TIMES = frozenset({"hour", "day", "night", "week", "weekend", "fortnight", "month", "season", "year", "period"})
_THINGS = STATE_NOUNS | CLOSED_BY | HAPPENINGS | DEADLINE_NOUNS | _TIMES
_PLANS = frozenset({"plan", "decision", "intention", "commitment", "promise", "proposal", "bid", "scheme"})
_FROM = re.compile(r"\s+from\s+\S+$")
_HANGING = re.compile(
    r"(?:\s+(?:well into|into|around|during|until as late|for (?:a|the)))$"
    r"|(?:\s+(?:during|in|for))?(?:\s+the)?(?:\s+(?:first|second|third|last|final|opening)\s+\w+)?\s+of(?:\s+the)?$"
    r"|(?:,?\s+in early|\s+(?:and|but|or|as|while))$",
    re.IGNORECASE,
)
_LONGEST = 60
_ARTICLES = frozenset({"a", "an", "the"})
_PRONOUNS = frozenset({"he", "she", "they", "it", "we", "i"})
_AFTER = frozenset({"relcl", "appos", "acl", "advcl", "cc", "conj", "punct", "parataxis"})


def actor_of(reading: Reading, frame: Frame) -> Actor | None:
    """Who is to act: a name or noun, for a pronoun what it stands for; None where no subject acts."""
    if not frame.names_action and frame.actor is None:
        return None
    head = frame.actor if frame.actor is not None else _doer(reading, frame)
    if (
        head is None
        or head.lemma_.lower() in (_THINGS | _PLANS) - _PRONOUNS
        or not head.text.strip()
        or head.like_num
        or head.tag_ == "VBG"
    ):
        return None
    if head.lower_ == "you":
        return _spoken_to(reading, frame)
    if head.lower_ in _FIRST_PERSON:
        return reading.said_by(head.idx, head.idx + len(head))
    if head.lower_ in _PRONOUNS or head.tag_ == "PRP":
        return _antecedent(reading, frame, head)
    return _named(reading, head)


def _doer(reading: Reading, frame: Frame) -> Token | None:
    """The subject; who promises what is to become of a thing; nobody for what is only done to a thing."""
    own = child(frame.verb, SUBJECTS)
    if not is_verb(frame.verb):
        return next((kid for kid in frame.verb.lefts if kid.pos_ in ("NOUN", "PROPN")), None)
    if frame.class_ == "D" and frame.verb.lemma_ in DEMAND and not is_passive(frame.verb):
        return child(frame.verb, ("dobj",)) or own
    told = _told(frame.verb) if own is None else None
    if told is not None:
        return told
    head = subject(frame.verb) or _modified(frame.verb)
    if frame.class_ == "D" and own is not None and not _is_person(reading, own):
        promiser = governor(frame.verb, PROMISE | THREATEN)
        if promiser is not None and promiser.pos_ == "VERB":
            return subject(promiser) or head
    if head is not None and _is_done_to(frame) and not _is_person(reading, head):
        return None
    return head


def _is_done_to(frame: Frame) -> bool:
    """Passive, or a state that ends by itself ("the bridge will stay closed")."""
    return is_passive(frame.verb) or (frame.class_ == "E" and child(frame.verb, ("dobj",)) is None)


def _told(verb: Token) -> Token | None:
    """ "ordered *the airline* to refund", "told *ministers* to": who is told is to act."""
    teller = verb.head
    tells = teller.lemma_ in DEMAND | GIVE or teller.lemma_ == "ask"
    if verb.dep_ not in ("xcomp", "advcl", "acl") or not tells or is_passive(teller):
        return None
    told = child(teller, ("dobj", "dative")) or object_of(teller, "on")
    return told if told is not None and told.pos_ in ("NOUN", "PROPN", "PRON") and told.i < verb.i else None


def _modified(verb: Token) -> Token | None:
    """The noun before a participle that the parser took for its modifier ("the minister, X, promised to")."""
    for _ in range(4):
        if verb.dep_ == "acl":
            return verb.head
        if verb.dep_ not in ("xcomp", "conj"):
            return None
        verb = verb.head
    return None


def _named(reading: Reading, head: Token) -> Actor:
    """The actor of a noun phrase: who is named in or beside it, else its own words."""
    beside = [kid for kid in head.rights if kid.dep_ == "appos" and kid.pos_ == "PROPN"]
    for word in [head, *beside]:
        mention = reading.mention_at(word.idx, word.idx + len(word), head=word.idx)
        if mention is not None and mention.kind == "name" and mention.type != "place":
            return reading.actor(mention.start, mention.end, head=word.idx)
    start, end = phrase(head)
    low, high = reading.doc[start], reading.doc[end - 1]
    return reading.actor(low.idx, high.idx + len(high), head=head.idx)


def _antecedent(reading: Reading, frame: Frame, pronoun: Token) -> Actor | None:
    """The last mention of whom the pronoun means, else the noun the main clause acts upon ("will fine *the
    owners* unless they pay"), else nobody."""
    mention = reading.mention_at(pronoun.idx, pronoun.idx + len(pronoun), head=pronoun.idx)
    if mention is not None:
        nearest = _last_named(reading, mention)
        return reading.actor((nearest or mention).start, (nearest or mention).end, head=None)
    noun = _speaker(frame.verb, pronoun) or _acted_upon(pronoun) or _main_subject(frame.verb, pronoun)
    return _named(reading, noun) if noun is not None else None


def _last_named(reading: Reading, pronoun: Mention) -> Mention | None:
    """The nearest mention before that is no pronoun and means the same."""
    at = bisect_left(reading.mentions, pronoun.start, key=lambda mention: mention.start)
    near = reading.mentions[max(0, at - 200) : at]
    return next((m for m in reversed(near) if m.entity == pronoun.entity and m.kind != "pronoun"), None)


def _main_subject(verb: Token, pronoun: Token) -> Token | None:
    """ "Unless they pay, *the tenants* will be evicted"."""
    main = verb.head
    about = child(main, SUBJECTS) if verb.dep_ == "advcl" and main.i > verb.i else None
    plural = pronoun.lower_ in ("they", "we")
    return about if about is not None and about.pos_ in ("NOUN", "PROPN") and (about.tag_ == "NNS") == plural else None


def _spoken_to(reading: Reading, frame: Frame) -> Actor | None:
    """ "You have three days to leave," he told *villagers*."""
    for word in governors(frame.verb):
        told = child(word, ("dobj", "dative")) if word.lemma_ in ("tell", "warn", "order") else None
        if told is not None:
            return _named(reading, told)
    return None


def _speaker(verb: Token, pronoun: Token) -> Token | None:
    """ "*Brightwater* said it would", "told *residents* they must": who says, or is told, what they will do."""
    if verb.dep_ != "ccomp" or pronoun.head.i != verb.i:
        return None
    parties = [kid for kid in verb.head.children if kid.dep_ in ("nsubj", "dobj", "dative") and kid.i < pronoun.i]
    named = [kid for kid in parties if kid.pos_ in ("NOUN", "PROPN")]
    plural = pronoun.lower_ in ("they", "we")
    agreeing = [kid for kid in named if (kid.tag_ in ("NNS", "NNPS")) == plural]
    return next(iter([*agreeing, *named]), None)


def _acted_upon(pronoun: Token) -> Token | None:
    """The nearest object or subject before the pronoun in its sentence that agrees in number."""
    plural = pronoun.lower_ in ("they", "them", "we")
    for word in reversed(pronoun.doc[sentence(pronoun)[0] : pronoun.i]):
        if word.dep_ not in ("dobj", "nsubj", "nsubjpass", "dative") or word.pos_ not in ("NOUN", "PROPN"):
            continue
        if (word.tag_ == "NNS") == plural and word.lemma_.lower() not in _THINGS:
            return word
    return None


def frame_moves(look: Look) -> bool:
    return look.lead.word in ("to", "until") and look.verb.lemma_ in MOVE


def _is_person(reading: Reading, head: Token) -> bool:
    mention = reading.mention_at(head.idx, head.idx + len(head), head=head.idx)
    return mention is not None or head.pos_ in ("PROPN", "PRON")


def phrase(head: Token) -> tuple[int, int]:
    """Token numbers of a noun phrase without its article, clauses and appositions after the head."""
    low, high = head.left_edge.i, head.i
    while low < head.i and (head.doc[low].lower_ in _ARTICLES or head.doc[low].is_space or head.doc[low].is_punct):
        low += 1
    for token in head.doc[low : head.i]:
        spaced = token.i > 0 and bool(token.nbor(-1).whitespace_)
        if token.whitespace_ and (token.text == ":" or (token.text in ("-", "–", "—") and spaced)):
            low = token.i + 1
    for kid in head.rights:
        if kid.dep_ in _AFTER and not (kid.dep_ == "acl" and kid.tag_ in ("VBG", "VBN") and kid.i == high + 1):
            break
        high = max(high, kid.right_edge.i)
    return low, high + 1


def action_of(reading: Reading, look: Look, frame: Frame, *, with_subject: bool) -> Span | None:
    """The verb phrase without auxiliaries and without the date; with its subject where nobody is named to act.

    A date in its midst ends it, unless what it is for follows ("fly to Rome on Friday to sign the treaty").
    """
    verb = frame.verb
    if not frame.names_action:
        return _noun(reading, frame.thing)
    if verb.lemma_ in PROMISE and (thing := child(verb, ("dobj",))) is not None:
        return _cut(reading, look, thing.left_edge.i, reach(verb) + 1)
    low = verb.i
    if with_subject and (about := _borrowed(verb)) is not None:
        return _cut(reading, look, about.left_edge.i, reach(verb) + 1)
    subjects = [kid for kid in verb.lefts if kid.dep_ in SUBJECTS]
    if with_subject or (subjects and is_passive(verb)):
        low = min([low, *(kid.left_edge.i for kid in subjects)])
    return _cut(reading, look, low, reach(verb) + 1)


def _borrowed(verb: Token) -> Token | None:
    """The subject of a passive infinitive or relative clause: "*an appeal* has to be lodged", "*a term* that ends"."""
    own = child(verb, SUBJECTS)
    if own is not None and own.tag_ not in ("WDT", "WP"):
        return None
    about = subject(verb)
    if about is None and verb.dep_ == "acl" and verb.tag_ in ("VBN", "VBG"):
        about = verb.head
    near = about is not None and about.i < verb.i and about.i >= sentence(verb)[0] and verb.i - about.i < 20
    return about if near and (is_passive(verb) or verb.dep_ in ("relcl", "xcomp", "acl", "conj")) else None


def _noun(reading: Reading, thing: Token | None) -> Span | None:
    if thing is None:
        return None
    low, high = phrase(thing)
    return reading.span(reading.doc[low].idx, reading.doc[high - 1].idx + len(reading.doc[high - 1]))


def _cut(reading: Reading, look: Look, low: int, high: int) -> Span | None:
    start, end = _without_date(reading, look, *trim(reading.doc, low, high))
    return reading.span(start, end) if end > start else None


def reach(verb: Token) -> int:
    """Number of the last token that belongs to what a verb says is done: no new clause with a subject of its own."""
    last, waiting = verb.i, [kid for kid in verb.rights if not _is_aside(kid)]
    while waiting:
        word = waiting.pop()
        last = max(last, min(word.i, verb.i + _LONGEST))
        waiting += [kid for kid in word.children if kid.i < verb.i + _LONGEST and not _is_new_clause(kid)]
    return last


def _is_aside(kid: Token) -> bool:
    """What follows a verb and is no part of the action: conditions, asides, reporting clauses."""
    if kid.dep_ == "advcl":
        return not any(word.dep_ == "aux" and word.lower_ == "to" for word in kid.children)
    return kid.dep_ in ("parataxis", "cc", "punct", "relcl", "dep", "meta") or _is_new_clause(kid)


def _is_new_clause(kid: Token) -> bool:
    if kid.dep_ != "conj" or not is_verb(kid):
        return kid.dep_ in ("parataxis",)
    return any(word.dep_ in (*SUBJECTS, "mark") for word in kid.children)


def _without_date(reading: Reading, look: Look, low: int, high: int) -> tuple[int, int]:
    """Offsets of a token range, cut before a date at its end or after one at its beginning."""
    doc, text = reading.doc, reading.article.text
    start, end = doc[low].idx, doc[high - 1].idx + len(doc[high - 1])
    lead, after = look.lead.start, look.time.end
    purpose = re.match(r"\s+to\s+[a-z]", text[after:end])
    if doc[low].idx < lead < end and not purpose and lead > start + 2:
        end = lead
    if lead <= start < after < end:
        start = after
    if frame_moves(look):
        end = start + len(_FROM.sub("", text[start:end]))
    words = _HANGING.sub("", text[start:end].rstrip(" ,;\n"))
    start += len(words) - len(words.lstrip(" ,;\n"))
    return start, start + len(words.strip(" ,;\n"))
