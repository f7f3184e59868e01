"""Figures and commitments in invented passages of newspaper syntax: floors that only rise."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from digests.extract import commitments, figures, nlp, pipeline
from digests.extract.reading import Reading
from digests.model import Article, Commitment, Fact, Figure
from digests.text.parts import parts_of
from digests.text.wordlist import words as words_of

DATA = Path(__file__).parent / "data"
STOP = words_of("a an the to of in on at by for and or with from that this it its be is are was were will would")
DATED = re.compile(r"\b(?:by|before|on)\s(?:\w+\s){0,4}(?:Monday|Friday|Sunday|June|month|day)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    text: str
    day: date
    labels: tuple[tuple[str, ...], ...]


def passages(name: str) -> Iterator[Passage]:
    for block in (DATA / name).read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        days = [date.fromisoformat(line[2:]) for line in lines if line.startswith("@ ")]
        labels = [tuple(part.strip() for part in line[2:].split("|")) for line in lines if line.startswith("> ")]
        texts = [line for line in lines if not line.startswith(("@", ">"))]
        if texts:
            yield Passage(text=texts[0], day=days[0] if days else date(2020, 2, 15), labels=tuple(labels))


def readings(found: list[Passage]) -> list[Reading]:
    articles = [
        Article(text=each.text, parts=parts_of(each.text), content_hash="", published_day=each.day) for each in found
    ]
    docs = nlp.parse(articles, nlp=nlp.load())
    return [pipeline.read(article, doc) for article, doc in zip(articles, docs, strict=True)]


def words(text: str) -> list[str]:
    found = re.findall(r"\w+", DATED.sub("", text).lower())
    return [word for word in found if word not in STOP] or found


def dice(one: str, other: str) -> float:
    a, b = words(one), words(other)
    shared = sum(min(a.count(word), b.count(word)) for word in set(a))
    return 2 * shared / (len(a) + len(b)) if a and b else 0.0


def commitment_fits(label: tuple[str, ...], fact: Fact) -> bool:
    assert isinstance(fact, Commitment)
    kind, actor, action, _ = label
    named = any(dice(name, given) >= 0.5 for name in actor.split("/") for given in (fact.actor.name, fact.actor.text))
    return kind == fact.type and named and dice(action, fact.action.text) >= 0.5


def value_fits(label: str, fact: Figure) -> bool:
    if ".." in label:
        low, high = map(float, label.split(".."))
        return (fact.low, fact.high) == (low, high)
    return fact.value == pytest.approx(float(label), rel=0.005)


def figure_fits(label: tuple[str, ...], fact: Fact) -> bool:
    assert isinstance(fact, Figure)
    overlap = label[0] in fact.number.text or fact.number.text in label[0]
    return overlap and value_fits(label[1], fact)


@dataclass(slots=True)
class Tally:
    hits: int = 0
    gold: int = 0
    found: int = 0
    slips: tuple[str, ...] = ()

    @property
    def f1(self) -> float:
        return 200 * self.hits / (self.gold + self.found)


Fits = Callable[[tuple[str, ...], Fact], bool]


def tally(
    name: str, find: Callable[[Reading], list[Fact]], fits: Fits
) -> tuple[Tally, list[tuple[tuple[str, ...], Fact]]]:
    total, pairs, slips = Tally(), [], []
    found = list(passages(name))
    for passage, reading in zip(found, readings(found), strict=True):
        left = find(reading)
        total.gold += len(passage.labels)
        total.found += len(left)
        for label in passage.labels:
            hit = next((fact for fact in left if fits(label, fact)), None)
            if hit is None:
                slips.append(f"missed {label} in {passage.text}")
                continue
            left.remove(hit)
            pairs.append((label, hit))
            total.hits += 1
        slips += [f"spurious {fact.summary!r} in {passage.text}" for fact in left]
    total.slips = tuple(slips)
    return total, pairs


def test_commitments_of_fresh_passages_stay_above_their_floor() -> None:
    total, _ = tally("commitments.txt", commitments.find, commitment_fits)
    assert total.f1 >= 94, "\n".join(total.slips)


def test_conditions_of_found_commitments_stay_above_their_floor() -> None:
    _, pairs = tally("commitments.txt", commitments.find, commitment_fits)
    right = [(label[3] == "-") == (fact.condition is None) for label, fact in pairs if isinstance(fact, Commitment)]
    assert sum(right) >= 0.95 * len(right)


def test_figures_of_fresh_passages_stay_above_their_floor() -> None:
    total, pairs = tally("figures.txt", figures.find, figure_fits)
    assert total.f1 >= 98, "\n".join(total.slips)
    qualified = [label[2] == fact.qualifier for label, fact in pairs if isinstance(fact, Figure)]
    assert sum(qualified) >= 0.95 * len(qualified)


def test_units_of_found_figures_stay_above_their_floor() -> None:
    _, pairs = tally("figures.txt", figures.find, figure_fits)
    named = [(label, fact) for label, fact in pairs if label[3] != "-" and isinstance(fact, Figure)]
    wrong = [
        f"{label[3]!r} read as {fact.unit!r} in {fact.quote}"
        for label, fact in named
        if dice(label[3], fact.unit) < 0.5
    ]
    assert len(wrong) <= 0.08 * len(named), "\n".join(wrong)
