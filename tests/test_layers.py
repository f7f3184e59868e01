"""The house's one-way rule: a module imports from its own package and the rows above it in DESIGN's table."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROWS: dict[str, int] = {
    "digests.errors": 0,
    "digests.model": 0,
    "digests.watch": 0,
    "digests.tracing": 0,
    "digests.history": 1,
    "digests.text": 1,
    "digests.sources": 2,
    "digests.extract": 2,
    "digests.stories": 2,
    "digests.store": 2,
    "digests.llm": 2,
    "digests.archive": 2,
    "digests.ingest": 3,
    "digests.ask": 3,
    "digests.edition": 3,
    "digests.jsonl": 4,
    "bot.errors": 4,
    "bot.model": 4,
    "bot.config": 4,
    "bot.hooks": 4,
    "bot.access": 5,
    "bot.books": 5,
    "bot.limits": 5,
    "bot.logs": 5,
    "bot.commands": 6,
    "bot.jobs": 6,
    "bot.router": 7,
    "bot.render": 7,
    "bot.inbox": 8,
    "bot.outbox": 8,
    "bot.circulation": 8,
    "bot.chat": 8,
    "bot.charts": 8,
    "bot.web": 8,
    "bot.app": 9,
    "bot.cli": 10,
}
"""Low to high. ``store.base`` is a protocol of plain data and may be named from row 3 up."""
SDKS = {"telegram": "bot.chat", "slack_bolt": "bot.chat", "slack_sdk": "bot.chat", "starlette": "bot.web"}
MODULES = sorted(p for wing in ("bot", "digests") for p in (ROOT / wing).rglob("*.py"))


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


def module_name(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_module_imports_only_from_its_own_room_and_the_rows_above(path: Path) -> None:
    me = module_name(path)
    if me in ("bot", "digests"):
        return
    mine = ROWS[room_of(me)]
    for imported in imports_of(path):
        top = imported.split(".")[0]
        if top in SDKS:
            assert room_of(me) == SDKS[top], f"{me} imports {imported}"
        if top not in ("bot", "digests"):
            continue
        room = room_of(imported)
        assert room in ROWS, f"{me} imports {imported}, a room without a row"
        assert room == room_of(me) or ROWS[room] < mine, f"{me} (row {mine}) imports {imported} (row {ROWS[room]})"
