"""An answer in a language model's words above the passages it rests on, or just as it is when there are none in time.

Only an answer that stands without a model is worded: what the archive does not hold no model may answer. The passages
are shown below whatever the model says, each with the number by which the model's sentences name it.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.commands.lines import Line
from bot.commands.spec import Services
from bot.model import Reply
from digests.edition.sentences import sentence_of
from digests.llm.guard import Passage
from digests.model import Found
from digests.store.base import Store

SECONDS = 4.4
"""For retrieval, model and books together; five later the answer must be there."""
LEAST = 0.5
"""With less left no model need be asked."""


def time_left(seconds: float = SECONDS) -> Callable[[], float]:
    """A clock that runs down from now: how many seconds are left."""
    clock = get_running_loop().time
    until = clock() + seconds
    return lambda: until - clock()


async def worded(
    reply: Reply, facts: Sequence[Found], services: Services, *, chat: str, left: Callable[[], float]
) -> Reply:
    """The reply of ``/ask`` with the model's sentences. ``facts``: those its lines show; ``chat`` pays."""
    if services.model is None or not (facts or reply.data["sentence"]):
        return reply
    data = await numbered(reply.data, facts, services.store)
    if left() < LEAST:
        return reply
    passages = [Passage(text=each["passage"], day=date.fromisoformat(each["day"])) for each in shown(data)]
    found = await services.model.word(data["question"], passages, chat=chat, seconds=left())
    if found is None:
        return reply
    sentences = [{"text": each.text, "passages": list(each.passages)} for each in found.sentences]
    return replace(reply, data={**data, "worded": {"model": found.model, "sentences": sentences}})


def shown(data: Any) -> list[Line]:
    """The passages of an answer in the order in which they are shown."""
    return [*data["facts"], *([data["sentence"]] if data["sentence"] else []), *data["nearest"]]


async def numbered(data: Any, facts: Sequence[Found], store: Store) -> dict[str, Any]:
    """The data with each passage's number and words: of a fact the whole sentences, which a model must not cut."""
    texts = await store.texts({each.source.article_id for each in facts})
    whole = [" ".join(sentence_of(each, texts.get(each.source.article_id, "")).quote.split()) for each in facts]
    lines = [{**each, "quote": words, "passage": words} for each, words in zip(data["facts"], whole, strict=True)]
    sentence = {**data["sentence"], "passage": data["sentence"]["text"]} if data["sentence"] else None
    nearest = [{**each, "passage": each["text"]} for each in data["nearest"] if not _within(each["text"], whole)]
    told = {**data, "facts": lines, "sentence": sentence, "nearest": nearest}
    for number, each in enumerate(shown(told), 1):
        each["number"] = number
    return told


def _within(text: str, whole: Sequence[str]) -> bool:
    """Whether a passage is shown above already, as the sentence around a fact."""
    return any(text in each for each in whole)
