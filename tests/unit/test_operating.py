"""docs/operating.md keeps up with the program: every metric, every error line, every secret stands there."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from fakes.newsroom import NOON, TODAY, Newsroom, due, newsroom, report
from fakes.website import website

from bot.books.jobs import KINDS, Backlog
from bot.config import DEFAULTS
from bot.model import Address, Reply

ROOT = Path(__file__).resolve().parents[2]
TOLD = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
LOGGERS = {"log", "LOG"}
LEVELS = {"error", "exception", "critical"}


@cache
def error_lines() -> dict[str, str]:
    """What is said where somebody should act, with ``...`` for what differs, and the module that says it."""
    found: dict[str, str] = {}
    for path in sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "digests").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id=logger), attr=level), args=[ast.Constant(value=str(said)), *_]
                ) if logger in LOGGERS and level in LEVELS:
                    found[re.sub(r"%(?:\.\d)?[sdrf]", "...", said)] = str(path.relative_to(ROOT))
    return found


@pytest.mark.parametrize(("said", "where"), error_lines().items())
def test_what_to_do_about_every_error_in_the_log_is_told(said: str, where: str) -> None:
    assert f"`{said}`" in TOLD, f"{where} logs an error: say in docs/operating.md what to do, or make it a warning"


def test_no_error_is_told_that_nobody_logs() -> None:
    table = TOLD.partition("In the log, as `ERROR`")[2].partition("\n## ")[0]
    told = [each for row in re.findall(r"^\| (`.*?`) \| ", table, re.MULTILINE) for each in re.findall("`(.*?)`", row)]
    assert told
    assert [each for each in told if each not in error_lines()] == []


async def test_every_metric_is_explained_and_no_other(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room:
        room.services = replace(room.services, jobs=NoJobs())
        exposed = await exposition(room)
    names = {
        (
            name + ("_total" if kind == "counter" and not name.endswith("_total") else ""),
            frozenset(labels_of(name, exposed)),
        )
        for name, kind in re.findall(r"^# TYPE (\w+) (\w+)", exposed, re.MULTILINE)
        if not name.endswith("_created")
    }
    told = re.findall(r"^\| `(onrecord_\w+?)(?:\{([\w,]+)\})?` \|", TOLD, re.MULTILINE)
    assert {(name, frozenset(labels.split(",") if labels else ())) for name, labels in told} == names


class NoJobs:
    """What workers have to do where they have nothing to do."""

    async def backlog(self) -> list[Backlog]:
        return [Backlog(kind=kind) for kind in KINDS]

    async def parked_count(self) -> int:
        return 0


async def exposition(room: Newsroom) -> str:
    """What /metrics says when there is something of everything."""
    async with website(room) as web:
        article = report("The road will be opened on Monday.")
        await room.arrive(article, (due(article, "The road will be opened on Monday.", TODAY),))
        await room.services.deliveries.enqueue(
            Address(platform="telegram", chat="telegram:1"), Reply(template="error", data={"text": "x"}), at=NOON
        )
        web.meter.answered("who", await room.ask("/who"), seconds=0.1)
        web.meter.called("telegram", status=200)
        return (await web.get("/metrics")).text


def labels_of(name: str, exposed: str) -> set[str]:
    """The names of a metric's labels, besides those of a histogram's buckets."""
    rows = re.findall(rf"^{name}(?:_total|_bucket|_sum|_count)?\{{(.*)\}} ", exposed, re.MULTILINE)
    return {label for row in rows for label in re.findall(r'(\w+)="', row)} - {"le"}


def test_the_alerts_rest_on_metrics_that_are_explained() -> None:
    rules = (ROOT / "deploy" / "alerts.yaml").read_text(encoding="utf-8")
    used = {name.removesuffix("_bucket") for name in re.findall(r"onrecord_\w+", rules)}
    assert used
    assert used <= set(re.findall(r"^\| `(onrecord_\w+?)[{`]", TOLD, re.MULTILINE))


def test_every_secret_can_be_rotated_by_the_paper() -> None:
    table = TOLD.partition("## Rotate secrets")[2].partition("\n## ")[0]
    secrets = {key for key in DEFAULTS if key.endswith(("_TOKEN", "_SECRET", "_KEY"))} | {"DATABASE_URL"}
    assert {key for key in secrets if f"`{key}`" not in table} == set()


def test_settings_and_files_that_are_named_exist() -> None:
    libraries = {"UV_PROJECT_ENVIRONMENT", "PGPASSWORD"}
    named = set(re.findall(r"`([A-Z]+_[A-Z_]+)[=`]|^([A-Z]+_[A-Z_]+)=", TOLD, re.MULTILINE))
    assert {each for pair in named for each in pair if each} - libraries <= set(DEFAULTS)
    for file in set(re.findall(r"\bdeploy/[\w./@*-]*[\w*]", TOLD)) - {"deploy/postgres.env", "deploy/many.env"}:
        assert list(ROOT.glob(file)), file
    assert all(re.search(rf"^## {re.escape(title)}$", TOLD, re.MULTILINE | re.IGNORECASE) for title in contents())


def contents() -> list[str]:
    """The headings that the first lines lead to."""
    return re.findall(r"\[([^\]]+)\]\(#", TOLD.partition("\n## ")[0])
