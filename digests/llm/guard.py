"""What may be shown of a model's words: a sentence that one sentence of a cited passage says, shortened at most.

The model is believed in nothing. Its sentence stands when a single source sentence holds its words in their order (a
"he said" may move), with the same names, numbers, dates and quotations, and when nothing was left out that turns the
meaning: a "not", an "if", a "may", "more than", somebody's name, or that it is somebody's word at all. So nothing can
come through that no passage says; that much true wording is refused, too, is the price.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from digests.model import TimeExpression
from digests.text.dates.grammar import find
from digests.text.folding import fold
from digests.text.numbers import Number, numbers
from digests.text.quotations import quotations
from digests.text.sentences import sentence_spans
from digests.text.wordlist import words

LONGEST = 400
"""Characters of one sentence of the model's."""

_GLUE = words(
    "a an the of to in on at by for and that is are was were be been has have had with from as this these its"
)
"""Words that may come and go: they say nothing by themselves."""
_TURNS = words(
    "not no never nor neither none nobody nothing without cannot if unless until except only but although though",
    "however may might could would should must can shall will or hardly barely almost nearly allegedly reportedly",
    "apparently possibly probably perhaps likely unlikely refuse fail stop avoid prevent halt deny reject rule against",
    "false untrue former ex would-be self-styled so-called alleged suspected planned proposed about least most more",
    "less fewer over under up some few many all every both half",
)
"""Words that turn what a sentence says: each must stand in both or in neither."""
_SAYS = words(
    "said say says saying told tell tells asked ask asks claimed claim claims according stated state states announced",
    "announce announces added add adds warned warn warns denied deny denies accused accuse accuses alleged allege",
    "alleges reported report reports insisted insist insists argued argue argues vowed vow vows promised promise",
    "promises threatened threaten threatens demanded demand demands suggested suggest suggests believe believes",
    "believed thinks think thought estimated estimate estimates predicted predict expects expected expect quoted urged",
    "called confirmed confirm confirms acknowledged admitted admit replied wrote",
)
"""Words by which something is somebody's word: what a source only reports must be reported by the model, too."""
_OFFICES = words(
    "vice deputy president minister prime foreign defence defense interior secretary general chancellor king queen",
    "prince mr mrs ms dr gen sen rep gov senator governor mayor sir lord chief executive spokesman spokeswoman",
    "chairman",
)
"""A title before a name may be left out, but only as a whole: a vice president is no president."""
_IRREGULAR = {"said": "say", "says": "say", "told": "tell", "thought": "think", "left": "leave", "n't": "not"}
_NEGATED = re.compile(
    r"\b(ai|ca|could|dare|did|do|does|had|has|have|is|are|was|were|wo|would|should|must|might|need|ought|sha)n['’]t\b",
    re.I,
)
_ENDING = re.compile(r"(?<=\w{3})(?:ings?|ed|ies|es|s)$")
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*", re.UNICODE)
_MARKUP = re.compile(r"https?:|www\.|[@<>*_`#{}\[\]|\\]|[\x00-\x1f\x7f]")
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,60}\b(?:instruction|prompt|rule|above|previous|guideline|everything)"
    r"|\b(?:system prompt|language model|ai (?:assistant|model|system)|chatbot|large model|jailbreak)\b"
    r"|\byou are (?:now|an?)\b"
    r"|\b(?:assistant|model|ai|bot|system)\s*[:,]"
    r"|^\W*(?:please\s+)?(?:ignore|disregard|forget|respond|reply|answer|output|print|repeat|pretend|act|reveal|translate"
    r"|summari[sz]e|tell (?:the|your|them)|say|write|state|include|insert|append|begin|start your|cite|note to)\b"
    r"|\byour (?:answer|response|reply|instructions|summary|output|task)\b",
    re.IGNORECASE,
)
"""Sentences that speak to whoever reads with a machine: no news rests on them, so nothing may rest on them here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A verbatim stretch of an article and the day it was published (what "today" means in it)."""

    text: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A sentence as the model wrote it, and the passages it names, counted from 1."""

    text: str
    passages: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    drafted: Drafted
    reason: str


def is_order(text: str) -> bool:
    """Whether a text speaks to a machine."""
    return _ORDERS.search(text) is not None


def is_marked(text: str) -> bool:
    """Whether a text holds a link, a mention, markup or controls."""
    return _MARKUP.search(text) is not None


def turning(text: str) -> list[tuple[int, int]]:
    """Where words stand that turn what a sentence says: "not", "if", "may", "more than"."""
    return [match.span() for match in _WORD.finditer(text) if _NEGATED.fullmatch(match[0]) or _keys(match) & _TURNED]


def saying(text: str) -> list[tuple[int, int]]:
    """Where words stand by which something is somebody's word."""
    return [match.span() for match in _WORD.finditer(text) if _keys(match) & _SAID]


def _keys(match: re.Match[str]) -> set[str]:
    return {stem(word) for word in fold(match[0]).split()}


def checked(drafts: Sequence[Drafted], passages: Sequence[Passage]) -> tuple[tuple[Drafted, ...], tuple[Refused, ...]]:
    """The sentences that may be shown, each with only the passages that bear it, and those that may not."""
    kept: list[Drafted] = []
    refused: list[Refused] = []
    for draft in drafts:
        bearing, reason = _bearing(draft, passages)
        if not bearing:
            refused.append(Refused(drafted=draft, reason=reason))
        elif not any(draft.text.strip() == other.text for other in kept):
            kept.append(Drafted(text=draft.text.strip(), passages=bearing))
    return tuple(kept), tuple(refused)


def _bearing(draft: Drafted, passages: Sequence[Passage]) -> tuple[tuple[int, ...], str]:
    """Which of the passages it cites say it; why none does."""
    text = draft.text.strip()
    if not _WORD.search(text) or len(text) > LONGEST:
        return (), "empty or too long"
    if _MARKUP.search(text):
        return (), "holds a link, a mention or markup"
    if _ORDERS.search(text):
        return (), "speaks to a machine"
    cited = [number for number in dict.fromkeys(draft.passages) if 1 <= number <= len(passages)]
    if not cited:
        return (), "cites no passage"
    reasons = {number: why_unfounded(text, passages[number - 1]) for number in cited}
    bearing = tuple(number for number in cited if not reasons[number])
    return bearing, "" if bearing else reasons[cited[0]]


def why_unfounded(text: str, passage: Passage) -> str:
    """ "" when one sentence of the passage says it, else what is wrong with the nearest one.

    >>> why_unfounded("Bo left on Monday.", Passage(text="Ana came. Bo left the town on Monday, not before."))
    "leaves out 'not'"
    """
    reasons = []
    for start, end in sentence_spans(passage.text):
        source = passage.text[start:end]
        if _ORDERS.search(source):
            continue
        reason = _why_not(text, source, passage.day)
        if not reason:
            return ""
        reasons.append(reason)
    return min(reasons, key=_distance, default="cites a passage without news")


def _distance(reason: str) -> bool:
    return reason == _OTHER_WORDS


_OTHER_WORDS = "no single sentence of the passage holds its words in this order"


def _why_not(text: str, source: str, day: date | None) -> str:
    said, given = _tokens(text, day), _tokens(source, day)
    if wrong := _quoted_otherwise(text, source):
        return wrong
    ways = list(_alignments(said, given))
    if not ways:
        return _OTHER_WORDS
    if turned := _turned(said, given):
        return turned
    if _reported(given, source) and not any(token.key in _SAID for token in said):
        return "does not say that it is somebody's word"
    left_out = [_left_out(way, given) for way in ways]
    return "" if "" in left_out else f"leaves out {left_out[0]!r}"


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, number or date as it is compared, and where it stands.

    ``heavy``: a name or number, which must not be left out; ``capital``: written with one, for whatever reason.
    """

    key: str
    text: str
    start: int
    end: int
    heavy: bool = False
    capital: bool = False


def _tokens(text: str, day: date | None) -> list[_Token]:
    """What a sentence says, word by word, glue left out: numbers and days by their value."""
    text = _NEGATED.sub(lambda found: f"{found[1]} not", text)
    valued = [_Token(_time_key(time), time.text, time.start, time.end) for time in find(text, today=day)]
    for number in numbers(text):
        if not any(token.start < number.end and number.start < token.end for token in valued):
            stretch = text[number.start : number.end]
            valued.append(_Token(_number_key(number), stretch, number.start, number.end, heavy=True))
    found: list[_Token] = []
    at = 0
    for token in sorted(valued, key=lambda token: token.start):
        found += [*_plain(text, at, token.start), token]
        at = token.end
    return [*found, *_plain(text, at, len(text))]


def _time_key(time: TimeExpression) -> str:
    """By its value; where that is open ("soon", or a weekday when the day is not known) by its words, too."""
    words_too = fold(time.text) if "X" in time.value or "_" in time.value else ""
    return f"@{time.value}/{time.mod or ''}/{words_too}"


def _number_key(number: Number) -> str:
    return f"#{number.value}/{number.low}/{number.high}/{number.unit}/{number.qualifier}/{number.rate}"


def _plain(text: str, start: int, end: int) -> Iterator[_Token]:
    for match in _WORD.finditer(text, start, end):
        first = not text[: match.start()].strip("\"'“”‘’ ")
        for word in fold(match.group()).split():
            if word not in _GLUE:
                capital = match.group()[0].isupper()
                heavy = (capital and not first) or word.isdigit()
                yield _Token(stem(word), match.group(), match.start(), match.end(), heavy, capital)


def stem(word: str) -> str:
    """A folded word without its commonest endings.

    >>> stem("withdraws"), stem("said"), stem("promised"), stem("promises")
    ('withdraw', 'say', 'promis', 'promis')
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 5 or not word.isalpha():
        return word
    cut = _ENDING.sub("", word)
    return cut.removesuffix("e") if len(cut) > 4 else cut


_TURNED = frozenset(stem(word) for word in _TURNS)
_SAID = frozenset(stem(word) for word in _SAYS)
_TITLES = frozenset(stem(word) for word in _OFFICES)


def _turned(said: Sequence[_Token], given: Sequence[_Token]) -> str:
    """The word that turns the meaning and stands in one of the two only, as a reason."""
    ours = sorted(token.key for token in said if token.key in _TURNED)
    theirs = sorted(token.key for token in given if token.key in _TURNED)
    for word in {*ours, *theirs}:
        if ours.count(word) != theirs.count(word):
            return f"leaves out {word!r}" if theirs.count(word) > ours.count(word) else f"adds {word!r}"
    return ""


def _reported(given: Sequence[_Token], source: str) -> bool:
    return any(token.key in _SAID for token in given) or bool(quotations(source, [(0, len(source))]))


def _quoted_otherwise(text: str, source: str) -> str:
    """A quotation of the model's that the source does not hold to the letter, as a reason."""
    for quoted in quotations(text, [(0, len(text))]):
        inner = _even(text[quoted.start : quoted.end]).strip("\"' .,!?")
        if not inner or inner not in _even(source):
            return "puts words between quotation marks that the source does not hold"
    return ""


def _even(text: str) -> str:
    return " ".join(text.translate(str.maketrans("“”„«»‘’", '"""""\'\'')).split())


Way = tuple[tuple[int, ...], ...]
"""Where a sentence's tokens stand in the source: one run of places, or two when its "he said" moved to the front."""


def _alignments(said: Sequence[_Token], given: Sequence[_Token]) -> Iterator[Way]:
    if not said:
        return
    keys, source = [token.key for token in said], [token.key for token in given]
    if whole := _within(keys, source):
        yield (whole,)
        return
    for cut in range(1, len(keys)):
        front, back = keys[:cut], keys[cut:]
        if not (_is_attribution(front) or _is_attribution(back)):
            continue
        first, second = _within(back, source), _within(front, source)
        if first and second and (first[-1] < second[0] or second[-1] < first[0]):
            yield (first, second)


def _is_attribution(keys: Sequence[str]) -> bool:
    return len(keys) <= 8 and any(key in _SAID for key in keys)


def _within(keys: Sequence[str], source: Sequence[str]) -> tuple[int, ...]:
    """The places of the keys in the source in this order, as close together as they stand; () when they do not."""
    best: tuple[int, ...] = ()
    for start in (place for place, key in enumerate(source) if key == keys[0]):
        places = [start]
        for key in keys[1:]:
            try:
                places.append(source.index(key, places[-1] + 1))
            except ValueError:
                break
        if len(places) == len(keys) and (not best or places[-1] - places[0] < best[-1] - best[0]):
            best = tuple(places)
    return best


def _left_out(way: Way, given: Sequence[_Token]) -> str:
    """The first name or number that was skipped between words that were kept or cut off a name, or ""."""
    kept = {place for run in way for place in run}
    for run in way:
        first, last = run[0], run[-1]
        while first > 0 and _one_name(given[first - 1], given[first]):
            first -= 1
        while last + 1 < len(given) and _one_name(given[last], given[last + 1]):
            last += 1
        for place in range(first, last + 1):
            token = given[place]
            tells = token.heavy or token.capital or token.key in _SAID
            if tells and place not in kept and not _whole_title(place, kept, given):
                return token.text
    return ""


def _one_name(before: _Token, after: _Token) -> bool:
    """Whether two words belong to one name: capitals with a blank between."""
    return before.capital and after.capital and after.start - before.end == 1


def _whole_title(place: int, kept: set[int], given: Sequence[_Token]) -> bool:
    """Whether the word belongs to a title of which nothing was kept."""
    first = last = place
    while first > 0 and _one_name(given[first - 1], given[first]):
        first -= 1
    while last + 1 < len(given) and _one_name(given[last], given[last + 1]):
        last += 1
    titles = [each for each in range(first, last + 1) if given[each].key in _TITLES]
    return place in titles and not kept.intersection(titles) and bool(kept.intersection(range(first, last + 1)))
