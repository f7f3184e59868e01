"""When, to whom, where and by what means: read from the tree around a cue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from digests.extract import nlp, times
from digests.extract.clauses import Offsets
from digests.extract.reading import Attribution, Reading
from digests.extract.speech.setting import Setting, setting_of
from digests.model import Article, Span, TimeExpression
from digests.text.parts import parts_of


def setting(text: str, cue: str | None, content: str) -> Setting:
    article = Article(text=text, parts=parts_of(text), content_hash="x", published_day=date(2024, 5, 18))
    (doc,) = nlp.parse([article], nlp=nlp.load())
    reading = Reading(article=article, doc=doc)
    reading = replace(reading, times=times.find(reading))
    return setting_of(reading, attribution(text, cue, content), offsets=Offsets(doc))


def attribution(text: str, cue: str | None, content: str) -> Attribution:
    spans = [Span(start=text.index(t), end=text.index(t) + len(t), text=t) for t in (content, cue) if t]
    return Attribution(speaker=None, cue=spans[1] if cue else None, contents=(spans[0],), style="indirect")


@pytest.mark.parametrize(
    ("text", "cue", "content", "expected"),
    [
        (
            "She said on Friday that taxes would fall.",
            "said",
            "taxes would fall",
            Setting(said_on=date(2024, 5, 17)),
        ),
        ("She said taxes would fall on Monday.", "said", "taxes would fall on Monday", Setting()),
        ("She said last month that taxes would fall.", "said", "taxes would fall", Setting()),
        ("She said in a statement that taxes fell.", "said", "taxes fell", Setting(via="a statement")),
        ("She said on Twitter that taxes fell.", "said", "taxes fell", Setting(via="Twitter")),
        ("She told the BBC that taxes fell.", "told", "taxes fell", Setting(said_to="the BBC", via="the BBC")),
        (
            "She told the newspaper Dagbladet that taxes fell.",
            "told",
            "taxes fell",
            Setting(said_to="the newspaper Dagbladet", via="Dagbladet"),
        ),
        ("She told reporters that taxes fell.", "told", "taxes fell", Setting(said_to="reporters")),
        (
            "She told lawmakers and reporters that taxes fell.",
            "told",
            "taxes fell",
            Setting(said_to="lawmakers and reporters"),
        ),
        (
            "She told the head of the party that taxes fell.",
            "told",
            "taxes fell",
            Setting(said_to="the head of the party"),
        ),
        ("She said to reporters that taxes fell.", "said", "taxes fell", Setting(said_to="reporters")),
        ("She said in Oslo that taxes fell.", "said", "taxes fell", Setting(where="Oslo")),
        ("She said at a rally that taxes fell.", "said", "taxes fell", Setting(where="a rally")),
        ("She said with a smile that taxes fell.", "said", "taxes fell", Setting()),
        ("She said that taxes fell.", None, "taxes fell", Setting()),
        ("She said that taxes fell.", ".", "taxes fell", Setting()),
    ],
)
def test_the_setting_of_a_statement(text: str, cue: str | None, content: str, expected: Setting) -> None:
    assert setting(text, cue, content) == expected


def test_an_impossible_day_is_no_day() -> None:
    text = "She said on 31 February that taxes fell."
    article = Article(text=text, parts=parts_of(text), content_hash="x", published_day=date(2024, 5, 18))
    (doc,) = nlp.parse([article], nlp=nlp.load())
    time = TimeExpression(start=12, end=23, text=text[12:23], type="DATE", value="2024-02-31")
    reading = Reading(article=article, doc=doc, times=(time,))
    found = setting_of(reading, attribution(text, "said", "taxes fell"), offsets=Offsets(doc))
    assert found.said_on is None


def test_what_is_not_known_here_is_taken_from_before() -> None:
    before = Setting(said_on=date(2024, 5, 17), said_to="reporters", where="Oslo", via="NTB")
    assert Setting(said_to="the BBC").or_else(before) == replace(before, said_to="the BBC")
