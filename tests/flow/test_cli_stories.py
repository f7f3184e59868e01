"""``onrecord stories --jsonl``: articles in order of arrival in, the number of each one's story out."""

import json

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from digests.jsonl.grouping import story_lines

STRIKE = "Ferry crews in Port Ardal walked out on Saturday over night shifts."
AGAIN = "Striking ferry crews in Port Ardal rejected an offer on night shifts."
LOCUSTS = "A swarm of locusts ate maize in northern Vesland, farmers said."


def line(number: object, text: str, **more: str) -> str:
    return json.dumps({"id": number, "text": text, **more})


def run(*lines: str) -> Result:
    return CliRunner().invoke(cli, ["stories", "--jsonl"], input="\n".join(lines) + "\n")


def test_each_line_is_answered_with_its_story_in_order() -> None:
    done = run(line(1, STRIKE), line("b", LOCUSTS, published="2020-02-15"), line(3, AGAIN, title="Strike Goes On"))
    assert done.exit_code == 0
    assert [json.loads(each) for each in done.stdout.splitlines()] == [
        {"id": 1, "story": 1},
        {"id": "b", "story": 2},
        {"id": 3, "story": 1},
    ]


def test_a_bad_line_is_answered_in_its_place_and_the_others_all_the_same() -> None:
    done = run(line(1, STRIKE), "", '{"id": 2}', "no json", line(4, AGAIN))
    answers = [json.loads(each) for each in done.stdout.splitlines()]
    assert [(each["id"], each.get("story"), "error" in each) for each in answers] == [
        (1, 1, False),
        (2, None, True),
        (None, None, True),
        (4, 1, False),
    ]
    assert done.exit_code == 1


def test_without_jsonl_it_says_what_to_do() -> None:
    done = CliRunner().invoke(cli, ["stories"])
    assert done.exit_code == 1
    assert "--jsonl" in done.stderr


@pytest.mark.parametrize("texts", [[STRIKE, LOCUSTS, AGAIN], [AGAIN, STRIKE], [LOCUSTS] * 4])
def test_a_later_line_never_changes_an_answer(texts: list[str]) -> None:
    lines = [line(number, text).encode() for number, text in enumerate(texts)]
    whole = [answer.text for answer in story_lines(lines)]
    for end in range(len(lines)):
        assert [answer.text for answer in story_lines(lines[:end])] == whole[:end]
