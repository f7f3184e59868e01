"""From stored pages to saved facts: beside bare trafilatura and spaCy, over two processes, and in memory.

CPU time of the whole family of processes, so that a busy machine changes little. ``python -m bench.ingest poll FOLDER
PORT`` is the process that polls; ``python -m bench.ingest serve PORT`` serves the feeds that it polls.
"""

from __future__ import annotations

import asyncio
import gzip
import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.scoring import ROOT, shared
from bench.speed import sample
from digests.extract import nlp
from digests.extract.worker import Worker
from digests.ingest import loop as looped
from digests.ingest.bulk import Bulk
from digests.ingest.loop import Loop
from digests.ingest.service import Ingest
from digests.sources.fetch import Fetcher
from digests.sources.parsing import Parser
from digests.sources.stored import Stored
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase
from digests.watch import NewsSource

OWED_RATIO, OWED_SCALING, OWED_MEGABYTES, OWED_GROWTH = 0.9, 1.7, 300.0, 0.1
ROUNDS = 3
MANY = int(os.environ.get("BENCH_ARTICLES", "20000"))
FEEDS = 2_000
TICKS = os.sysconf("SC_CLK_TCK")


def run(console: Console) -> bool:
    """Print all four; False where something owed is missed that a busy machine cannot explain."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        parts = [beside_bare(console, place), asyncio.run(scaling(console))]
        parts += [asyncio.run(memory(console, place)), polling(console, place)]
    return all(parts)


def beside_bare(console: Console, place: Path) -> bool:
    """Articles a CPU second from HTML to saved facts, and what trafilatura and spaCy alone take for the same pages."""
    pages = stored_pages()
    if not pages:
        console.print("Ingest: no shared pages (../shared or ONRECORD_SHARED); skipped.")
        return True
    bare = bare_reader()
    ours, theirs, saved = [], [], 0
    for number in range(ROUNDS):
        spent, saved = asyncio.run(ingested(pages, place / f"bare{number}.db"))
        ours.append(spent)
        begun = time.process_time()
        bare(pages)
        theirs.append(time.process_time() - begun)
    ratios = sorted(their / our for our, their in zip(ours, theirs, strict=True))
    ratio = ratios[ROUNDS // 2]
    console.print(
        f"Ingest: {len(pages)} pages to saved facts {len(pages) / min(ours):.1f} articles a CPU second ({saved} saved);"
        f" bare trafilatura and full {nlp.MODEL} {len(pages) / min(theirs):.1f}: {ratio:.2f}x"
        f" ({ratios[0]:.2f}-{ratios[-1]:.2f}; owed {OWED_RATIO:g}x)"
    )
    return ratio >= OWED_RATIO


def stored_pages() -> list[Stored]:
    folder = shared()
    if folder is None:
        return []
    files = sorted((folder / "corpora" / "html" / "scrapinghub_news").glob("*.html.gz"))
    return [Stored(name=f"{path.stem}", data=gzip.decompress(path.read_bytes())) for path in files]


def bare_reader() -> Callable[[Sequence[Stored]], object]:
    """trafilatura, then every part of spaCy's pipe over what it found; both warm."""
    import spacy
    import trafilatura

    full: Any = spacy.load(nlp.MODEL)

    def read(pages: Sequence[Stored]) -> object:
        texts = [trafilatura.extract(page.data) or "" for page in pages]
        return [len(document.ents) for document in full.pipe(texts)]

    read([Stored(name="", data=b"<html><body><p>The quay was shut, the mayor said.</p></body></html>")])
    return read


async def ingested(pages: Sequence[Stored], path: Path) -> tuple[float, int]:
    """CPU seconds of everything that took part, the starting of processes left out; and how many were saved."""
    store = SqlStore(await SqliteDatabase.open(path, [FACTS]))
    async with Worker() as worker, Parser() as parser:
        bulk = Bulk(store, worker, parser, published="2019-06-01")
        await over(bulk, [Stored(name="warm.md", data=b"# Quay\n\nThe quay was shut, the mayor said on Monday.")])
        begun = family_cpu()
        await over(bulk, pages)
        spent = family_cpu() - begun
    saved = (await store.counts()).articles - 1
    await store.close()
    return spent, saved


async def over(bulk: Bulk, pages: Sequence[Stored]) -> None:
    async for _ in bulk.add(pages):
        pass


async def scaling(console: Console) -> bool:
    """Throughput of extraction with two processes over that with one; by the clock only where the clock can tell."""
    articles = sample()
    batches = [articles[at : at + 8] for at in range(0, len(articles), 8)]
    clocks, spent = {}, {}
    for processes in (1, 2):
        async with Worker(processes=processes) as worker:
            await asyncio.gather(*(worker.extract_keyed(articles[:8]) for _ in range(2 * processes)))
            before, begun = family_cpu(), time.monotonic()
            await asyncio.gather(*(worker.extract_keyed(batch) for batch in batches))
            clocks[processes], spent[processes] = time.monotonic() - begun, family_cpu() - before
    free = spent[2] / (2 * clocks[2])
    by_clock, by_cpu = clocks[1] / clocks[2], 2 * spent[1] / spent[2]
    busy = free < 0.9 or spent[1] / clocks[1] < 0.9
    told = f"the machine is too busy to tell by the clock: it gave {free:.0%} of two cores" if busy else "by the clock"
    console.print(
        f"Ingest: two processes extract {by_clock:.2f}x as fast as one ({told}); by CPU time {by_cpu:.2f}x"
        f" (owed {OWED_SCALING:g}x)"
    )
    return (by_cpu if busy else by_clock) >= OWED_SCALING


async def memory(console: Console, place: Path) -> bool:
    """Megabytes of every process after a quarter and after all of many articles."""
    store = SqlStore(await SqliteDatabase.open(place / "many.db", [FACTS]))
    grown: list[float] = []
    async with Worker(processes=2) as worker, Parser(processes=2) as parser:
        ingest = Ingest(store, worker, parser)
        done = 0
        async for _ in Bulk(store, worker, parser).add(made_up(MANY)):
            done += 1
            if done % (MANY // 4) == 0:
                grown.append(family_megabytes())
    await ingest.store.close()
    growth = grown[-1] / grown[0] - 1
    console.print(
        f"Ingest: {MANY:,} articles: all processes hold {grown[0]:.0f} MB after a quarter, {grown[-1]:.0f} MB at the"
        f" end ({growth:+.0%}; owed at most {OWED_GROWTH:+.0%})"
    )
    return growth <= OWED_GROWTH


def made_up(many: int) -> Iterator[Stored]:
    """Short articles, no two alike."""
    places = ("Port Ardal", "Velm", "Sundhaven", "Karsk", "Oldquay", "Tarn", "Brisk Bay", "Lowmoor")
    people = ("Ilse Brandt", "Omar Tallis", "Clara Osei", "Jun Maro", "Petra Vance", "Aldo Rusk", "Mina Sorrel")
    for number in range(many):
        place, person = places[number % len(places)], people[number % len(people)]
        day = f"2020-02-{1 + number % 28:02}"
        text = (
            f"# {place} Counts Storm {number}\n\n{day}\n\nMayor {person} of {place} said on Monday that {number + 3}"
            f' homes had no power. "We will mend all lines by Friday," {person.split()[1]} said. Police closed'
            f" {number % 40 + 2} roads near the harbour of {place}.\n"
        )
        yield Stored(name=f"{number}.md", data=text.encode())


def polling(console: Console, place: Path) -> bool:
    """The most memory of one process that holds the chats' SDKs and polls all feeds, each on a host of its own."""
    port = 18_431
    with subprocess.Popen([sys.executable, "-m", "bench.ingest", "serve", str(port)], cwd=ROOT) as server:
        try:
            polled = subprocess.run(
                [sys.executable, "-m", "bench.ingest", "poll", str(place), str(port)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            )
        finally:
            server.kill()
    looked, found, megabytes, seconds = polled.stdout.split()
    console.print(
        f"Ingest: {int(looked):,} feeds with {int(found):,} entries polled in {float(seconds):.0f} s: one process with"
        f" both chat SDKs holds {float(megabytes):.0f} MB at most (owed {OWED_MEGABYTES:.0f} MB)"
    )
    return int(looked) == FEEDS and float(megabytes) < OWED_MEGABYTES


async def poll_all(place: Path, port: int) -> None:
    import resource

    for chats in ("slack_bolt", "telegram.ext"):  # what is measured holds the chats beside the sources
        importlib.import_module(chats)

    async def resolve(*_: object) -> Sequence[str]:
        return ["127.0.0.1"]

    looped.MOST_READS = 0
    store = SqlStore(await SqliteDatabase.open(place / "polled.db", [FACTS]))
    for number in range(FEEDS):
        await store.add_source(NewsSource(url=f"http://feed{number}.example:{port}/feed.xml"), at=datetime.now(UTC))
    begun = time.monotonic()
    async with Worker() as worker, Parser() as parser, Fetcher(resolve=resolve, loopback=True) as fetcher:
        tally = await Loop(Ingest(store, worker, parser), fetcher).once()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    failing = (await store.source_counts()).failing
    await store.close()
    print(tally.looked - failing, tally.found, megabytes, time.monotonic() - begun)


async def serve_feeds(port: int) -> None:
    from aiohttp import web

    async def feed(request: web.Request) -> web.Response:
        items = "".join(
            f"<item><title>{text.title} of {request.host}</title><link>http://{request.host}/{at}</link>"
            f"<description>{'Words of news. ' * 20}</description></item>"
            for at, text in enumerate(titles)
        )
        return web.Response(text=f'<rss version="2.0"><channel><title>{request.host}</title>{items}</channel></rss>')

    titles = sample()[:25]
    app = web.Application()
    app.router.add_get("/feed.xml", feed)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


def family() -> Iterator[int]:
    """This process and all that it started, and those started."""
    waiting = [os.getpid()]
    while waiting:
        pid = waiting.pop()
        yield pid
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in task.read_text().split()]
            except OSError:
                continue


def family_cpu() -> float:
    """CPU seconds of all of them so far."""
    return sum(_of(pid, _cpu) for pid in family())


def family_megabytes() -> float:
    """What all of them hold in memory, shared pages counted once for each."""
    return sum(_of(pid, _megabytes) for pid in family())


def _of(pid: int, look: Callable[[int], float]) -> float:
    try:
        return look(pid)
    except OSError:
        return 0.0  # gone since it was listed


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


if __name__ == "__main__":
    tasks: dict[str, Callable[..., Coroutine[object, object, None]]] = {
        "poll": lambda place, port: poll_all(Path(place), int(port)),
        "serve": lambda port: serve_feeds(int(port)),
    }
    asyncio.run(tasks[sys.argv[1]](*sys.argv[2:]))
