"""``onrecord ask --jsonl``: passages verbatim at their offsets, weeks kept apart, bad lines answered in place."""

import gzip
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.cli import cli
from digests.errors import UnreadableArticle
from digests.jsonl.asking import articles_in, ask_lines

ARTICLES = [
    {
        "id": "a",
        "text": "Captain Selin Aras steered the ferry.",
        "title": "Ferry",
        "published": "2024-03-08",
        "week": "w1",
    },
    {
        "id": "b",
        "text": "Kemal Oran opened the ferry museum.",
        "title": "Museum",
        "published": "2024-03-08",
        "week": "w2",
    },
]


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def asked(path: Path, *rows: object) -> list[dict[str, Any]]:
    lines = [row if isinstance(row, bytes) else json.dumps(row).encode() for row in rows]
    return [json.loads(each.text) for each in ask_lines(lines, articles_in(path))]


@pytest.mark.parametrize("name", ["articles.jsonl", "articles.jsonl.gz"])
def test_passages_are_verbatim_and_named_by_the_articles_own_id(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, ARTICLES)
    (answer,) = asked(path, {"id": 1, "question": "Who steered the ferry?", "asked": "2024-03-09"})
    first = answer["passages"][0]
    assert (first["article_id"], first["text"]) == ("a", ARTICLES[0]["text"])
    assert str(ARTICLES[0]["text"])[first["start"] : first["end"]] == first["text"]
    assert answer["answer"] == "Selin Aras"


def test_with_a_week_only_its_articles_count(tmp_path: Path) -> None:
    path = written(tmp_path / "articles.jsonl", ARTICLES)
    one, both = asked(path, {"id": 1, "question": "ferry?", "week": "w2"}, {"id": 2, "question": "ferry?"})
    assert [each["article_id"] for each in one["passages"]] == ["b"]
    assert {each["article_id"] for each in both["passages"]} == {"a", "b"}


def test_a_bad_line_is_answered_in_its_place(tmp_path: Path) -> None:
    path = written(tmp_path / "articles.jsonl", ARTICLES)
    answers = asked(
        path, {"id": 1}, b"x", b"  ", {"id": 2, "question": "ferry?", "asked": "soon"}, {"id": 3, "question": ""}
    )
    assert [answer["id"] for answer in answers] == [1, None, 2, 3]
    assert ["error" in answer for answer in answers] == [True, True, True, False]
    assert answers[3] == {"id": 3, "answer": None, "passages": []}


def test_a_bad_article_is_named_and_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text("x\n\n" + json.dumps(ARTICLES[0]) + "\n")
    with caplog.at_level(logging.WARNING):
        assert [given.line_id for given in articles_in(path)] == ["a"]
    assert "line 1: not JSON" in caplog.text


def test_articles_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableArticle, match="cannot be read"):
        articles_in(tmp_path / "none.jsonl")


def test_the_command_answers_lines(tmp_path: Path) -> None:
    path = written(tmp_path / "articles.jsonl", ARTICLES)
    questions = written(tmp_path / "questions.jsonl", [{"id": 1, "question": "Who steered the ferry?"}])
    done = CliRunner().invoke(cli, ["ask", "--jsonl", "--articles", str(path), str(questions)])
    assert (done.exit_code, json.loads(done.output)["answer"]) == (0, "Selin Aras")


def test_the_command_wants_its_articles() -> None:
    done = CliRunner().invoke(cli, ["ask"])
    assert done.exit_code == 1
    assert "--jsonl --articles FILE" in done.output
