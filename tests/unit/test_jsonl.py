"""JSON lines in, JSON lines out: order kept, bad lines answered in place, offsets in code points."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from digests.errors import UserError
from digests.jsonl import encoded
from digests.jsonl.batches import answered, batches
from digests.jsonl.given import BadLine, article_in, names_in
from digests.jsonl.matching import match_lines
from digests.model import (
    Actor,
    Commitment,
    Deadline,
    Event,
    Evidence,
    Extraction,
    Figure,
    Happening,
    Mention,
    Predicate,
    Role,
    Span,
    Statement,
    TimeExpression,
)


def line(**row: Any) -> bytes:
    return json.dumps(row).encode()


@pytest.mark.parametrize(
    ("raw", "line_id", "reason"),
    [
        (b"x", None, "not JSON"),
        (b"\xff\xfe", None, "not UTF-8"),
        (b"[" * 100_000, None, "not JSON"),
        (b"[1]", None, "not a JSON object"),
        (b'{"text": "A."}', None, 'no "id"'),
        (line(id=7), 7, '"text" is missing'),
        (line(id="a", text=5), "a", '"text" is not a string'),
        (line(id="a", text="A.", title=[]), "a", '"title" is not a string'),
        (line(id="a", text="A.", published="soon"), "a", "'soon' is no date"),
    ],
)
def test_a_bad_line_says_what_is_wrong_with_it(raw: bytes, line_id: object, reason: str) -> None:
    with pytest.raises(BadLine, match=reason) as bad:
        article_in(raw)
    assert bad.value.line_id == line_id


def test_an_article_comes_with_its_day_and_time() -> None:
    row = line(
        id=1, text="Talks began.", title="Talks", published="2020-02-15T18:30:00+03:00", url="https://a.example/1"
    )
    article = article_in(b"\xef\xbb\xbf" + row).article
    assert (article.title, article.url, article.published_day) == ("Talks", "https://a.example/1", date(2020, 2, 15))
    assert article.published_at is not None
    assert article.published_at.utcoffset() is not None


def test_what_cannot_be_stored_is_replaced_one_for_one() -> None:
    article = article_in(b'{"id": 1, "text": "a\\u0000b\\ud800c", "published": null}').article
    assert article.text == "a�b�c"
    assert article.published_day is None


def test_names_come_as_a_pair() -> None:
    assert (names_in(line(id=1, a="Oktaý", b="Oktay")).a, names_in(line(id=1, a="Oktaý", b="Oktay")).b) == (
        "Oktaý",
        "Oktay",
    )


def test_names_are_matched_and_bad_lines_answered_in_place() -> None:
    rows = [line(id=1, a="Fuat Oktaý", b="Fuat Oktay"), b"\n", b"?", line(id=2, a="Fuat Oktay", b="Sergei Lavrov")]
    out = [(one.failed, json.loads(one.text)) for one in match_lines(rows)]
    assert [failed for failed, _ in out] == [False, True, False]
    assert [row.get("same") for _, row in out] == [True, None, False]
    assert out[1][1]["id"] is None
    assert 0 <= out[2][1]["score"] < 0.5 <= out[0][1]["score"] <= 1


def test_lines_that_are_there_are_worked_on_together_and_a_lone_one_at_once() -> None:
    def slowly() -> Iterator[bytes]:
        yield b"first"
        assert seen.wait(timeout=10)
        yield from (b"second", b" ", b"third")

    from threading import Event as Flag

    seen = Flag()
    got = []
    for batch in batches(slowly()):
        got += batch
        seen.set()
    assert got == [b"first", b"second", b"third"]


def test_batches_are_bounded_in_lines_and_bytes() -> None:
    assert [len(batch) for batch in batches([b"x"] * 10, most=4, patient=True)] == [4, 4, 2]
    assert [len(batch) for batch in batches([b"xxxx"] * 4, size=8, patient=True)] == [2, 2]
    assert list(batches([], patient=True)) == []


@pytest.mark.parametrize("failure", [OSError("gone"), UserError("no such file")])
def test_input_that_breaks_off_is_an_error_after_what_came_before(failure: Exception) -> None:
    def broken() -> Iterator[bytes]:
        yield b"first"
        raise failure

    found = batches(broken(), patient=True)
    assert next(found) == [b"first"]
    with pytest.raises(type(failure)):
        next(found)


def lengths(lines: list[bytes]) -> list[int]:
    return [len(one) for one in lines]


def killed(lines: list[bytes]) -> list[int]:
    """Kills the process it runs in, unless that is the test's own."""
    import multiprocessing
    import os
    import signal

    if multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return lengths(lines)


@pytest.mark.parametrize("work", [lengths, killed])
def test_several_processes_keep_the_order_and_lose_nothing(work: Any) -> None:
    lines = [b"x" * (1 + n % 7) for n in range(300)]
    assert list(answered(lines, work, workers=2)) == lengths(lines)


TEXT = "On Monday Oktay, the vice president, said he would meet 12 envoys by Friday."


def span(words: str, **more: Any) -> Any:
    start = TEXT.index(words)
    kind = more.pop("kind_of", Span)
    return kind(start=start, end=start + len(words), text=words, **more)


def head(**more: Any) -> dict[str, Any]:
    evidence = (Evidence(start=0, end=len(TEXT), quote=TEXT),)
    return {"evidence": evidence, "summary": "a summary", **more}


OKTAY = span("Oktay", kind_of=Actor, name="Fuat Oktay", entity=3)
HE = span("he", kind_of=Actor, name="he", stands_for="Turkey")
CUE, CONTENT, TIME, ACTION = (
    span("said"),
    span("he would meet 12 envoys by Friday"),
    span("Friday"),
    span("meet 12 envoys"),
)


OKTAY_ROW = {"start": 10, "end": 15, "text": "Oktay", "name": "Fuat Oktay", "entity": 3}


@pytest.mark.parametrize(
    ("fact", "fields"),
    [
        (
            Statement(speaker=OKTAY, said_by=OKTAY, cue=CUE, content=CONTENT, style="indirect", **head()),
            {"speaker": OKTAY_ROW, "cue": encoded.span(CUE), "content": encoded.span(CONTENT), "style": "indirect"},
        ),
        (
            Statement(
                speaker=None,
                cue=None,
                content=CONTENT,
                content_spans=(CUE, TIME),
                style="mixed",
                said_on=date(2020, 2, 17),
                via="NTV",
                **head(),
            ),
            {
                "speaker": None,
                "cue": None,
                "content": encoded.span(CONTENT),
                "style": "mixed",
                "content_spans": [encoded.span(CUE), encoded.span(TIME)],
                "said_on": "2020-02-17",
                "via": "NTV",
            },
        ),
        (
            Role(name="Fuat Oktay", title="vice president", mention=CONTENT, entity=3, of="Turkey", **head()),
            {
                "name": "Fuat Oktay",
                "title": "vice president",
                "former": False,
                "mention": encoded.span(CONTENT),
                "entity": 3,
                "of": "Turkey",
            },
        ),
        (
            Role(name="Fuat Oktay", title="vice president", mention=CONTENT, **head()),
            {"name": "Fuat Oktay", "title": "vice president", "former": False, "mention": encoded.span(CONTENT)},
        ),
        (
            Deadline(
                due_from=date(2020, 2, 21),
                due_to=date(2020, 2, 21),
                boundary="by",
                actor=OKTAY,
                action=ACTION,
                time=TIME,
                **head(said_by=HE),
            ),
            {
                "due": {"from": "2020-02-21", "to": "2020-02-21"},
                "boundary": "by",
                "class": "D",
                "time": encoded.span(TIME),
                "actor": OKTAY_ROW,
                "action": encoded.span(ACTION),
                "said_by": encoded.span(HE) | {"name": "he", "stands_for": "Turkey"},
            },
        ),
        (
            Event(due_from=date(2020, 2, 21), due_to=date(2020, 2, 22), boundary="on", time=TIME, **head()),
            {
                "due": {"from": "2020-02-21", "to": "2020-02-22"},
                "boundary": "on",
                "class": "S",
                "time": encoded.span(TIME),
            },
        ),
        (
            Commitment(type="promise", actor=OKTAY, action=ACTION, condition=TIME, **head()),
            {
                "type": "promise",
                "actor": OKTAY_ROW,
                "action": encoded.span(ACTION),
                "condition": encoded.span(TIME),
            },
        ),
        (
            Figure(number=span("12"), value=12.0, qualifier="exact", unit="envoys", **head()),
            {"number": encoded.span(span("12")), "qualifier": "exact", "unit": "envoys", "value": 12},
        ),
        (
            Figure(number=span("12"), low=2.5, high=99.0, qualifier="range", unit="percent", **head()),
            {"number": encoded.span(span("12")), "qualifier": "range", "unit": "percent", "low": 2.5, "high": 99},
        ),
        (
            Happening(
                predicate=span("meet", kind_of=Predicate, lemma="meet"), agent=OKTAY, when="2020-02-21", **head()
            ),
            {
                "predicate": encoded.span(span("meet")) | {"lemma": "meet"},
                "agent": OKTAY_ROW,
                "when": "2020-02-21",
                "negated": False,
                "reported": False,
            },
        ),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_fact_becomes_the_fields_of_the_interface(fact: Any, fields: dict[str, Any]) -> None:
    row = encoded.fact(fact)
    assert row == {"kind": fact.kind, "start": 0, "end": len(TEXT), "summary": "a summary"} | fields


def test_times_and_people_carry_their_values_and_entities() -> None:
    read = Extraction(
        times=(span("Friday", kind_of=TimeExpression, type="DATE", value="2020-02-21", mod="END"),),
        people=(span("Oktay", kind_of=Mention, kind="name", type="person", name="Fuat Oktay", entity=3),),
    )
    assert encoded.extraction(read) == {
        "times": [encoded.span(TIME) | {"type": "DATE", "value": "2020-02-21", "mod": "END"}],
        "people": [encoded.span(OKTAY) | {"kind": "name", "type": "person", "name": "Fuat Oktay", "entity": 3}],
        "facts": [],
    }


@pytest.mark.parametrize(("line_id", "text"), [("ä", '{"id":"ä"}'), ("\ud800", '{"id": "\\ud800"}')])
def test_a_line_is_always_utf_8(line_id: str, text: str) -> None:
    assert encoded.line({"id": line_id}).replace(": ", ":") == text.replace(": ", ":")
    encoded.line({"id": line_id}).encode()
