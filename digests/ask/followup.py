"""A question that leaves out what was spoken of, made whole: "and what did he say about Russia?". Pure.

Only words decide. What would surprise a reader: a pronoun that the question itself explains ("did Rutte say he ...")
stays as it is, and of several people the one spoken of most lately is meant; whoever is meant is said in the answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from digests.ask.context import Context
from digests.ask.question import STOP
from digests.ask.wanted import telling_of, understand
from digests.text.countries import country, demonym, names_of_countries, place, stands_for
from digests.text.dates import parse_period

_LEAD = re.compile(r"^(?:and|but|so|ok|okay|also|then|now|well)\b[\s,:]*(?=\S)", re.IGNORECASE)
_TAIL = re.compile(r"(?:[\s,]+(?:too|as well|then))?[\s?.!]*$", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:(?:and|but|so)\s+)?(?:what|how)\s+about\s+(?P<what>.+)$", re.IGNORECASE)
_ON = re.compile(r"^(?:about|on|regarding)\s+(?P<what>.+)$", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:who|whom|whose|what|when|where|which|how|why|by when|since when|did|does|do|is|are|was|were|has|have|had|will"
    r"|can|any|anything)\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"^(?P<asks>by when|since when|when|where|why|how many|how much)\s*[?.!]*$", re.IGNORECASE)
_COUNTED = re.compile(r"\b(?P<how>how many|how much|which|what)\s+(?P<noun>[\w-]+)", re.IGNORECASE)
_ENDS = (
    r"(?=\s*(?:[?.!,]|$)|\s+(?:since|until|before|after|last|this|yesterday|today|on (?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day|in (?:jan|feb|mar|apr|may|ju|aug|sep|oct|nov|dec))\b)"
)
_SUBJECT = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_WHOSE = re.compile(
    r"\b(?:his|her)\b(?=\s+[a-z])(?!\s+(?:about|on|of|in|at|to|since|for|after|before|last)\b)", re.IGNORECASE
)
_OBJECT = re.compile(r"\b(?:him|her)\b", re.IGNORECASE)
_THEY = re.compile(r"(?<!of )\b(?:they|them|their)\b", re.IGNORECASE)
_THING = re.compile(rf"\b(?:it|that|this|these|those|them)\b{_ENDS}", re.IGNORECASE)
_IT = re.compile(r"\b(?:it|this|that)\b(?!\s+(?:true|clear|likely|possible|known|right)\b)", re.IGNORECASE)
_SO = re.compile(rf"(?<=\b(?:says|said) )(?:so|that|this|it)\b{_ENDS}", re.IGNORECASE)
_WHEN_SAID = re.compile(
    r"^(?:when|where|how|why|to whom) (?:did|has|have) (?:he|she|they) (?:say|said) (?:so|that|this|it)[\s?.!]*$",
    re.IGNORECASE,
)
"""The answer to it stands in the answer before: its day, its source, its words."""
_WHO_SAYS = re.compile(r"^who\s+(?!(?:is|are|was|were|'s)\b)", re.IGNORECASE)
_OWNS = re.compile(r"^(?:his|her|their|its)\s", re.IGNORECASE)
_THERE = re.compile(rf"\bthere\b{_ENDS}", re.IGNORECASE)
_ELSE = re.compile(r"^(what|who)\s+else\b", re.IGNORECASE)
_PERSON = ((_WHOSE, "'s"), (_SUBJECT, ""), (_OBJECT, ""))
_NOUN = re.compile(r"\b(?:the|an?)\s+[a-z]", re.IGNORECASE)
_BINDS = re.compile(r"(?:who|which \w+)\s+(?!(?:is|was|did|does|do|has|had|will|can|would)\s+\w+$)", re.IGNORECASE)
_CAPITAL = re.compile(r"(?<=\s)[A-Z][\w’'-]+")
_POSSESSOR = re.compile(r"(?<![\w.])[A-Z][\w.-]*(?:\s[A-Z][\w.-]*)*[’']s\b")
_SAID = re.compile(r"^(what (?:did|does|has|have|do|had)\b.*?\bsa(?:y|id))\b(?:\s+(?:about|on)\s.*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """``text``: the question with nothing left out. ``kept``: what was taken from before, for people to read.

    ``others``: whom else a pronoun could have meant. ``changed``: the last question was asked anew of something else.
    ``lacking``: the pronoun that means nobody known.
    """

    text: str
    kept: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    changed: bool = False
    lacking: str = ""


def resolved(question: str, context: Context | None, *, today: date) -> Understood:
    """What a question asks after what was spoken of.

    >>> spoken = Context(people=("Fuat Oktay",), who="Oktay", question="Who is Oktay?")
    >>> resolved("and what did he say about Russia?", spoken, today=date(2020, 2, 15)).text
    'what did Fuat Oktay say about Russia?'
    """
    typed = " ".join(question.split())
    bare = _LEAD.sub("", typed)
    known = context or Context()
    found = _left_out(bare, known, today=today, led=bare != typed) if known.question else None
    return found or _with_pronouns(_ELSE.sub(r"\1", bare), known, today=today)


def _left_out(text: str, known: Context, *, today: date, led: bool) -> Understood | None:
    """The last question asked anew of whom, what or when is named; ``None`` when this is a question of its own."""
    about = _ABOUT.match(text)
    bare = _BARE.match(text)
    if bare and known.topic:
        return Understood(text=f"{bare['asks']} {known.topic}?", kept=(known.topic,), changed=True)
    if _WHEN_SAID.match(text) and _SAID.match(_TAIL.sub("", known.question)):
        kept = tuple(each for each in (known.who, known.topic) if each)
        return Understood(text=_asked(known.question, _days(known)), kept=kept, changed=True)
    if about is None and _ASKS.match(text):
        return None
    named = _TAIL.sub("", about["what"] if about else text)
    period = parse_period(named, today=today, ahead=False)
    days = named[period.start : period.end] if period else ""
    named = " ".join(f"{named[: period.start]} {named[period.end :]}".split()) if period else named
    if days and not named:
        kept = tuple(each for each in (known.who or next(iter(known.people), ""), known.topic) if each)
        return Understood(text=_asked(known.question, days), kept=kept, changed=True)
    if not named or not (about or led) or _OWNS.match(named):
        return None
    anew = _swapped(named, known)
    if anew is None or anew == known.question:
        return None
    days = days or _days(known)
    return Understood(text=_asked(anew, days), kept=_still(anew, known), changed=True)


def _swapped(named: str, known: Context) -> str | None:
    """The last question with one of its parts replaced by what is named now: the part of the same kind."""
    question = known.question
    topic = _ON.match(named)
    if topic:
        return _of_topic(topic["what"], known)
    possessor = _POSSESSOR.search(question)
    if possessor and re.search(r"[’']s$", named):
        return f"{question[: possessor.start()]}{named}{question[possessor.end() :]}"
    if possessor and known.who.split(" ")[-1:] == named.split(" ")[-1:]:  # "and the foreign minister?"
        return question.replace(known.who, f"{possessor[0]} {_without_article(named)}", 1)
    meant, bare = place(named), _first_word(named)
    land = _land(named) if meant is None or meant.kind in ("country", "capital") else None
    if land and not (known.who and _land(known.who)):
        return _of_land(named, land, question) or _of_topic(named, known)
    speaks = meant is not None or bare[:1].isupper()
    if speaks and known.who and known.who in question:
        return question.replace(known.who, named, 1)
    if speaks and known.topic and _WHO_SAYS.match(question):
        return f"What did {named} say about {known.topic}?"
    if not speaks and (counted := _COUNTED.search(question)) and counted["noun"].casefold() not in STOP:
        return f"{question[: counted.start('noun')]}{_without_article(named)}{question[counted.end('noun') :]}"
    return _of_topic(named, known)


def _of_topic(named: str, known: Context) -> str | None:
    said = _SAID.match(_TAIL.sub("", known.question))
    if said:
        return f"{said[1]} about {named}?"
    if known.topic and known.topic in known.question:
        return known.question.replace(known.topic, named, 1)
    who = next(iter(known.people), known.who)
    return f"What did {who} say about {named}?" if who else None


def _of_land(named: str, land: str, question: str) -> str | None:
    """The question with its country replaced: a name by the name, an adjective by the adjective."""
    for name, other, pattern in _lands():
        found = pattern.search(question)
        if found and found[0][:1].isupper():
            put = _adjective(land) if name == _adjective(other) else named
            before = question[: found.start()]
            if put == named:  # "the Russians"
                before = re.sub(r"\bthe $", "", before, flags=re.IGNORECASE)
            return f"{before}{put}{question[found.end() :]}" if other != land else None
    return None


@lru_cache(maxsize=1)
def _lands() -> list[tuple[str, str, re.Pattern[str]]]:
    """Every name and adjective of a country, the country, and how it stands in a text."""
    return [
        (name, land, re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE if name.islower() else 0))
        for name, land in names_of_countries()
    ]


def _adjective(land: str) -> str:
    """Turkish of Turkey: the first of the words for what is a country's own."""
    return next((name for name, of in names_of_countries() if of == land and demonym(name)), land)


def _land(text: str) -> str | None:
    """The country that a name is, or may speak for."""
    name = re.sub(r"[’']s$", "", text)
    return country(name) or stands_for(name)


def _first_word(text: str) -> str:
    return _without_article(text).split(" ")[0]


def _without_article(text: str) -> str:
    return re.sub(r"^(?:the|an?)\s+", "", text, flags=re.IGNORECASE)


def _asked(question: str, days: str) -> str:
    """A question with its days before its mark."""
    return f"{_TAIL.sub('', question)} {days}".strip() + "?"


def _days(known: Context) -> str:
    since, until = known.since, known.until
    if since and until:
        return f"on {since}" if since == until else f"from {since} to {until}"
    return f"since {since}" if since else f"until {until}" if until else ""


def _still(anew: str, known: Context) -> tuple[str, ...]:
    """What of the earlier question the new one keeps."""
    return tuple(each for each in (known.who, known.topic) if each and each in anew)


def _with_pronouns(text: str, known: Context, *, today: date) -> Understood:
    text, kept, lacking = _with_person(text, known)
    if lacking:
        return Understood(text=text, lacking=lacking)
    others = known.people[1:] if kept else ()
    text, about = _with_topic(text, known, today=today)
    return Understood(text=text, kept=(*kept, *about), others=others)


def _with_person(text: str, known: Context) -> tuple[str, tuple[str, ...], str]:
    """The question with its first pronoun of a person replaced; whom by; or the pronoun nobody is known for."""
    who = next(iter(known.people), known.who)
    meant = [(found, pattern, ending) for pattern, ending in _PERSON if (found := pattern.search(text))]
    for found, pattern, ending in sorted(meant, key=lambda each: each[0].start()):
        before = text[: found.start()]
        another = pattern is _OBJECT and who and len(_named(before)) == 1  # "did Putin meet him"
        binds = "" if pattern is _OBJECT else found[0]
        if _explained(before, binds) and not another:
            continue
        if not who:
            return text, (), found[0].casefold()
        return f"{text[: found.start()]}{who}{ending}{text[found.end() :]}", (who,), ""
    they = _THEY.search(text)
    body = known.who or who
    if they is None or not body or _explained(text[: they.start()], they[0]):
        return text, (), ""
    ending = "'s" if they[0].casefold() == "their" else ""
    return f"{text[: they.start()]}{body}{ending}{text[they.end() :]}", (body,), ""


def _explained(before: str, pronoun: str) -> bool:
    """Whether the question itself says whom a pronoun means: a name (no country's), "the minister", "who said"."""
    binds = pronoun and _BINDS.match(f"{before}{pronoun}")
    return bool(binds or _named(before) or _NOUN.search(before))


def _named(before: str) -> list[str]:
    return [name[0] for name in _CAPITAL.finditer(f" {before[:1].lower()}{before[1:]}") if not _land(name[0])]


def _with_topic(text: str, known: Context, *, today: date) -> tuple[str, tuple[str, ...]]:
    """The question with what it leaves out of its topic."""
    topic = known.topic or next(iter(known.people), "")
    if not topic:
        return text, ()
    thing = _SO.search(text) or _THING.search(text)
    if thing and not _NOUN.search(text[: thing.start()]):
        return f"{text[: thing.start()]}{topic}{text[thing.end() :]}", (topic,)
    it = _IT.search(text)
    if (
        it
        and all(word.casefold() in STOP | {"must"} for word in re.findall(r"[\w’']+", text[: it.start()]))
        and it.start()
    ):
        return f"{text[: it.start()]}{topic}{text[it.end() :]}", (topic,)
    there = _THERE.search(text)
    if there and topic[:1].isupper():
        return f"{text[: there.start()]}in {topic}{text[there.end() :]}", (topic,)
    wanted = understand(text, today=today)
    if wanted.shape in ("changed", "denied") and not telling_of(wanted):
        period = parse_period(text, today=today, ahead=False)
        days = text[period.start : period.end] if period else ""
        rest = f"{text[: period.start]} {text[period.end :]}" if period else text
        on = "on " if wanted.shape == "changed" else ""
        return _asked(_TAIL.sub("", rest), f"{on}{topic} {days}".strip()), (topic,)
    return text, ()
