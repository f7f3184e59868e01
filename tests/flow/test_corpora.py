"""Every file of the corpora of broken and hostile input is read or refused with a reason, and the run goes on.

The parser holds each to 2 s of CPU and 256 MB; what reached a limit would say so in its reason.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from anything import outcome

from digests.sources.parsing import Parser

LIMITS = ("takes more than", "was not read within", "more than its parser can bear")


def files(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    if not found:
        pytest.skip(f"no {folder.name} among the shared data")
    return found


async def outcomes(folder: Path) -> dict[str, str]:
    paths = files(folder)
    async with Parser(processes=2) as parser:
        found = await asyncio.gather(*(outcome(parser, path) for path in paths))
    return {str(path.relative_to(folder)): said for path, said in zip(paths, found, strict=True)}


async def test_every_file_is_read_or_refused_within_the_limits(shared: Path) -> None:
    found = await outcomes(shared / "corpora")
    assert [f"{name}: {said}" for name, said in found.items() if any(limit in said for limit in LIMITS)] == []
    assert all(said.startswith(("read: ", "refused: ")) for said in found.values())
    assert [said for name, said in found.items() if "scrapinghub_news/" in name and said.startswith("refused")] == []
    counted = Counter((name.partition("/")[0], said.partition(":")[0]) for name, said in found.items())
    assert counted["feeds", "refused"] <= 0.01 * counted["feeds", "read"]
    assert counted["html", "refused"] <= 0.05 * counted["html", "read"]  # sitemaps
    assert counted["strings", "refused"] == 0


async def test_hostile_files_do_nothing(shared: Path) -> None:
    found = await outcomes(shared / "corpora" / "hostile")
    assert found["gzip_in_gzip.gz"].endswith(
        "is a gzip archive, not text: give its words as Markdown, plain text or HTML"
    )
    assert found["many_items.xml"] == "read: feed of 300 entries"  # of many more
    assert found["quadratic_blowup.xml"].startswith(
        "refused: quadratic_blowup.xml is XML, but neither a feed nor a page"
    )
    assert all(said.startswith(("read: feed of", "refused: ")) for name, said in found.items() if "xxe" in name)
