"""Articles as JSON lines through the reader: one that fails takes no other with it."""

import json
from typing import Any

import pytest

from digests.errors import UserError
from digests.jsonl.extracting import extract_lines, worked_on
from digests.model import Article


def line(**row: Any) -> bytes:
    return json.dumps(row).encode()


def test_an_article_that_breaks_the_reader_is_the_only_one_lost() -> None:
    def fragile(articles: list[Article]) -> list[str]:
        if any("bomb" in article.text for article in articles):
            raise ValueError("bang")
        return [article.text for article in articles]

    outcomes = worked_on([line(id=n, text=text) for n, text in enumerate(["one", "bomb", "three"])], fragile)
    assert [outcome.found for outcome in outcomes] == ["one", None, "three"]
    assert "could not be read" in outcomes[1].error
    assert outcomes[1].line_id == 1


def test_a_missing_model_is_not_an_articles_fault() -> None:
    def unequipped(_: list[Article]) -> list[str]:
        raise UserError("install the model")

    with pytest.raises(UserError, match="install the model"):
        worked_on([line(id=1, text="One.")], unequipped)


def test_extract_answers_every_line_in_order() -> None:
    rows = [line(id="a", text="The minister said on Monday that talks would go on.", published="2020-02-15"), b"{"]
    out = list(extract_lines([*rows, line(id="b", text="")]))
    assert [one.failed for one in out] == [False, True, False]
    first, _, last = (json.loads(one.text) for one in out)
    assert list(first) == ["id", "times", "people", "facts"]
    assert last == {"id": "b", "times": [], "people": [], "facts": []}


def test_one_person_has_one_number_over_the_whole_run() -> None:
    texts = ["Chancellor Angela Merkel spoke in Berlin.", "Angela Merkel was silent.", "Sergei Lavrov was not."]
    out = [json.loads(one.text) for one in extract_lines(line(id=n, text=text) for n, text in enumerate(texts))]
    numbers = [{m["entity"] for m in row["people"] if "Merkel" in m["name"] or "Lavrov" in m["name"]} for row in out]
    assert [len(found) for found in numbers] == [1, 1, 1]
    assert numbers[0] == numbers[1] != numbers[2]
