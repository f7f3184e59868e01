"""Short articles with the facts somebody marked in them, saved into a real store: what digests are composed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fakes.telling import evidence, span, there

from digests.model import (
    Actor,
    Article,
    Deadline,
    Event,
    Extraction,
    Fact,
    Figure,
    Mention,
    Qualifier,
    Role,
    Statement,
    Style,
)
from digests.sources.file import article_from
from digests.store.base import Saved, Store


@dataclass(frozen=True, kw_only=True)
class Copy:
    """An article's text, to mark facts in; every quote must stand in it. ``day``: of publication."""

    text: str
    day: date
    title: str = "Ferries stay in port"
    publisher: str = "Harbour Wire"
    url: str = ""

    @property
    def article(self) -> Article:
        made = article_from(self.text, title=self.title, published=self.day.isoformat(), url=self.url)
        return replace(made, title=self.title, publisher=self.publisher)

    def actor(self, words: str, *, entity: int | None = None, name: str = "") -> Actor:
        return there(words, Actor, text=self.text, name=name or words, entity=entity)

    def said(
        self,
        quote: str,
        who: str,
        content: str,
        *,
        entity: int | None = 1,
        cue: str = "said",
        style: Style = "indirect",
        confidence: float = 1.0,
    ) -> Statement:
        speaker = self.actor(who, entity=entity)
        return Statement(
            evidence=evidence(quote, text=self.text),
            summary=f"{who}: {content}",
            speaker=speaker,
            said_by=speaker,
            cue=span(cue, text=self.text),
            content=span(content, text=self.text),
            style=style,
            confidence=confidence,
        )

    def due(
        self,
        quote: str,
        *,
        on: date,
        action: str = "",
        who: str = "",
        kind: type[Deadline] | type[Event] = Deadline,
        until: date | None = None,
    ) -> Fact:
        return kind(
            evidence=evidence(quote, text=self.text),
            summary=quote,
            due_from=on,
            due_to=until or on,
            boundary="by",
            actor=self.actor(who) if who else None,
            action=span(action, text=self.text) if action else None,
            time=span(quote, text=self.text),
        )

    def counted(self, quote: str, number: str, unit: str, value: float, *, qualifier: Qualifier = "exact") -> Figure:
        return Figure(
            evidence=evidence(quote, text=self.text),
            summary=quote,
            number=span(number, text=self.text),
            value=value,
            qualifier=qualifier,
            unit=unit,
        )

    def role(self, quote: str, name: str, title: str, *, of: str | None = None, entity: int = 1) -> Role:
        return Role(
            evidence=evidence(quote, text=self.text),
            summary=f"{name} is {title}",
            name=name,
            title=title,
            of=of,
            mention=span(quote, text=self.text),
            entity=entity,
        )

    def extraction(self, facts: Sequence[Fact], people: dict[int, str] | None = None) -> Extraction:
        mentions = tuple(
            there(name, Mention, text=self.text, kind="name", type="person", name=name, entity=number)
            for number, name in (people or {}).items()
        )
        return Extraction(people=mentions, facts=tuple(facts))

    async def save(self, store: Store, *facts: Fact, people: dict[int, str] | None = None, **more: Any) -> Saved:
        return await store.save(self.article, self.extraction(facts, people), links=more.pop("links", {}), **more)
