"""Figures of the same thing, and what each can mean. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from digests.model import Figure, Found
from digests.text.folding import tokens
from digests.text.wordlist import words

_STATES = words("killed dead injured wounded hurt arrested detained displaced missing infected")
_BARE = words("percent times fraction")
_LIKE = 0.34
_NEAR = 0.1
"""How far "about" reaches."""
_INFINITE = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Figures of one thing, newest first."""

    unit: str
    found: tuple[Found, ...]


def grouped(found: Sequence[Found]) -> list[Group]:
    """Figures by what they count, the most often given first.

    What is counted says enough ("soldiers killed"); a share or a sum of money may be of anything, so those are one
    thing only when the words around them are alike.
    """
    groups: list[list[Found]] = []
    for each in found:
        home = next((group for group in groups if _same_thing(figure_of(group[0]), figure_of(each))), None)
        if home is None:
            groups.append([each])
        else:
            home.append(each)
    groups.sort(key=len, reverse=True)
    return [Group(unit=figure_of(group[0]).unit, found=tuple(group)) for group in groups]


def bounds(figure: Figure) -> tuple[float, float]:
    """The least and the most a figure can mean: "more than 3.6 million" has no upper end, "about 100" is 90 to 110."""
    if figure.value is None:
        low = figure.low if figure.low is not None else -_INFINITE
        return low, figure.high if figure.high is not None else _INFINITE
    value = figure.value
    if figure.qualifier in ("more_than", "at_least"):
        return value, _INFINITE
    if figure.qualifier in ("less_than", "at_most"):
        return -_INFINITE, value
    if figure.qualifier == "about":
        return value - abs(value) * _NEAR, value + abs(value) * _NEAR
    return value, value


def measure(figure: Figure) -> str:
    """A figure as a line shows it, in the article's own words, with what it counts where those do not say it."""
    if is_bare(figure.unit) or figure.unit.casefold() in figure.number.text.casefold():
        return figure.number.text
    return f"{figure.number.text} {figure.unit}"


def figure_of(found: Found) -> Figure:
    """The fact of a line that is known to be a figure."""
    assert isinstance(found.fact, Figure)
    return found.fact


def is_bare(unit: str) -> bool:
    """Money (an ISO code), shares and the like: units that do not say what is counted."""
    first = unit.split(" ", 1)[0] if unit else ""
    return not unit or first in _BARE or (len(first) == 3 and first.isupper())


def _same_thing(one: Figure, other: Figure) -> bool:
    if is_bare(one.unit) or is_bare(other.unit):
        return one.unit == other.unit and _alike(one.quote, other.quote)
    return counted(one.unit) == counted(other.unit) and _of_one(one.unit, other.unit)


def _of_one(one: str, other: str) -> bool:
    """Whether two units are of one thing, where both say of what: "sheets of dough", "sheets of sugar cookie dough"."""
    of, of_other = (frozenset(tokens(unit.partition(" of ")[2])) for unit in (one, other))
    return not of or not of_other or of <= of_other or of_other <= of


def counted(unit: str) -> tuple[str, frozenset[str]]:
    """The noun counted, in the singular, and what became of it: ``Turkish soldiers killed`` -> soldier, killed."""
    parts = tokens(unit.split(" of ", 1)[0])
    states = frozenset("killed" if word == "dead" else word for word in parts if word in _STATES)
    nouns = [word for word in parts if word not in _STATES] or list(parts)
    return (nouns[-1].removesuffix("s") if nouns else ""), states


def _alike(one: str, other: str) -> bool:
    left, right = ({word for word in tokens(text) if len(word) > 3} for text in (one, other))
    return bool(left and right) and len(left & right) / len(left | right) >= _LIKE
