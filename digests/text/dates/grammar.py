"""The scan: words of time open short windows, rules are tried in them from left to right, the longest match wins.

Linear in the text: a window reaches back at most eight words, and every rule's match is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from digests.model import TimeExpression
from digests.text.dates import amounts, days, periods, vague, words
from digests.text.dates.context import Context, DirectionOf, Rule, Value
from digests.text.dates.cues import by_words
from digests.text.dates.guards import is_no_date
from digests.text.dates.values import Direction

RULES: tuple[Rule, ...] = (*days.RULES, *periods.RULES, *vague.RULES, *amounts.RULES)
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[:.,/]\d+)*(?:(?:st|nd|rd|th|s)\b)?", re.IGNORECASE)
_GAP = re.compile(r"[\s,.()’'–-]{0,3}$")
_REACH = 8


def _lexicon() -> frozenset[str]:
    months = {month for name in words.MONTHS for month in (name, name[:3])} | {"sept"}
    units = {unit + plural for unit in words.UNIT_CODES for plural in ("", "s")} | {"centuries", "weekend", "weekends"}
    weekdays = {day + plural for day in words.WEEKDAYS for plural in ("", "s")}
    decades = {"twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"}
    others = (
        "today tonight yesterday tomorrow noon midnight midday morning afternoon evening overnight am pm "
        "now currently soon "
        "recently lately past future term present nowadays moment previously formerly possible current "
        "recent daily nightly weekly monthly "
        "quarterly yearly annually hourly biweekly thanksgiving christmas boxing easter halloween "
        "valentine memorial labor "
        "veterans independence palm ash good martin period quarters thousand hundred nineteen eighteen "
        "spring summer autumn fall winter gmt utc "
        "q h"
    )
    return frozenset(months | units | weekdays | decades | set(others.split()))


TRIGGERS = _lexicon()
SOFT = (
    frozenset(
        words.split(
            "the a an this that these those last next past coming previous following early late later "
            "earlier mid end beginning "
            "start middle close first second third fourth final latest half part rest remainder of in on and "
            "to or more than at least most "
            "up about nearly almost around roughly over under only within some every each other few several "
            "couple many dozen same "
            "fiscal financial calendar year its their his her our for another no as for from before after "
            "very exactly shortly just "
            "corresponding trading full whole right p m s during foreseeable near short long immediate take "
            "took lasted lasting takes eve "
            "est edt et cst cdt pst pdt pt mst bst cet cest ist msk jst time local eastern initial preceding "
            "approximately course fewer less number dozens approx single again such than "
            "new good q h post is"
        )
    )
    | frozenset(words.NUMBERS)
    | frozenset(words.ORDINALS)
    | frozenset(["hundred", "thousand", "nineteen"])
)


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    word: str

    @property
    def is_number(self) -> bool:
        return self.word[0].isdigit()


def find(
    text: str, *, today: date | None, direction: DirectionOf | Direction | None = None, reader: bool = False
) -> list[TimeExpression]:
    """Every temporal expression, in text order, none overlapping, with TIMEX3 type, value and mod.

    ``today`` is the day of publication; without it what is relative has the value XXXX-XX-XX. ``direction`` says which
    way the verb around a stretch looks (a function of its offsets, or one answer for all); without it the words around
    are asked. ``reader``: a weekday equal to today that lies ahead is a week later (else it is today: TimeBank).
    """
    if today is None:
        return _undated(text, direction)
    return list(_scan(text, Context(text=text, today=today, direction=_way(text, direction), reader=reader)))


def _way(text: str, direction: DirectionOf | Direction | None) -> DirectionOf:
    def answer(start: int, end: int) -> Direction:
        if callable(direction):
            return direction(start, end)
        return direction or by_words(text, start, end)

    return answer


def _undated(text: str, direction: DirectionOf | Direction | None) -> list[TimeExpression]:
    """What two very different days agree on is absolute; the rest is open."""
    early = find(text, today=date(1931, 3, 3), direction=direction)
    late = {(time.start, time.end): time.value for time in find(text, today=date(1977, 10, 22), direction=direction)}
    return [
        time
        if late.get((time.start, time.end)) == time.value
        else TimeExpression(
            start=time.start, end=time.end, text=time.text, type=time.type, value="XXXX-XX-XX", mod=time.mod
        )
        for time in early
    ]


def _scan(text: str, context: Context) -> Iterator[TimeExpression]:
    done = 0
    for start, stop in _starts(text):
        if start < done:
            continue
        found = _longest(text, start, stop, context)
        if found is not None:
            yield found
            done = found.end


def _starts(text: str) -> Iterator[tuple[int, int]]:
    """Offsets at which a rule may match, in order and once each, with the end of the first trigger they lead to."""
    run: list[_Token] = []
    tried = -1
    for match in _TOKEN.finditer(text):
        token = _Token(match.start(), match.end(), match[0].lower())
        if run and (token.start - run[-1].end > 3 or not _GAP.match(text, run[-1].end, token.start)):
            run = []
        if _is_trigger(token) or (token.word == "m" and run and run[-1].word in {"a", "p"}):
            for before in [*run, token]:
                if before.start > tried:
                    yield before.start, token.end
            tried = token.start
            run = [*run[-_REACH:], token]
        elif token.is_number or token.word in SOFT:
            run = [*run[-_REACH:], token]
        else:
            run = []


def _is_trigger(token: _Token) -> bool:
    word = token.word
    if not token.is_number:
        return word in TRIGGERS
    if word.endswith("0s"):
        return len(word) in {3, 5}
    if len(word) == 4 and word.isdigit():
        return word[:1] in "012"
    return ":" in word or "/" in word or ("." in word and len(word) > 5)


def _longest(text: str, start: int, stop: int, context: Context) -> TimeExpression | None:
    """The longest match that reaches the trigger, is no false friend, and resolves; of equals the first rule's."""
    found = [(match, rule) for rule in RULES if (match := rule.pattern.match(text, start)) and match.end() >= stop - 1]
    for match, rule in sorted(found, key=lambda pair: -pair[0].end()):
        if is_no_date(text, match.start(), match.end(), rule.name):
            return None
        value = rule.resolve(match, context)
        if value:
            return _expression(text, match, value)
    return None


def _expression(text: str, match: re.Match[str], value: Value) -> TimeExpression:
    start, end = match.span()
    if value.cut:
        start, end = start + value.cut[0], start + value.cut[1]
    words_ = text[start:end].rstrip(" ,(")
    return TimeExpression(
        start=start, end=start + len(words_), text=words_, type=value.type, value=value.value, mod=value.mod
    )
