"""What PostgreSQL and workers cost an article, a fact, a subscription, a message: what docs/scaling.md works with.

One real server, durable as in production. CPU time and bytes mean the same on every machine; what depends on the clock
(a second, held, waiting) is only as good as the machine is quiet. `/who` at a million facts: ``bench.latency``.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import scale_saving, scale_sending, scale_working
from bench.postgres import SETTINGS, server
from bench.scale_saving import Saved, Together
from bench.scale_sending import PlannedAll, SentAll
from bench.scale_working import Read

MOST_STATEMENTS = 120.0
MOST_CONTENTION = 1.5
SUBSCRIBERS = int(os.environ.get("BENCH_SUBSCRIBERS", str(scale_sending.SUBSCRIBERS)))
Line = tuple[str, str, str]
"""What, how much, and how to read it."""


def run(console: Console) -> bool:
    """Print one table; False where saving takes more statements than owed, or four workers cost much more than one."""
    with server() as postgres, tempfile.TemporaryDirectory(prefix="onrecord-scale-") as folder:
        place = Path(folder)
        set_to = ", ".join(f"{name} {value}" for name, value in SETTINGS.items())
        console.print(f"Scale: PostgreSQL {postgres.version()}; {set_to}")
        saved = asyncio.run(scale_saving.saved(postgres, place))
        together = [scale_saving.together(postgres, savers) for savers in scale_saving.SAVERS]
        pages = scale_working.pages(place)
        read = [asyncio.run(scale_working.working(postgres, pages, workers)) for workers in scale_working.WORKERS]
        planned, sent = asyncio.run(_sent(postgres, place))
    table = Table("what", "measured", "", title="Scale")
    for line in [*_saved(saved), *_together(together), *_read(read), *_planned(planned), *_sending(sent)]:
        table.add_row(*line)
    console.print(table)
    return saved.statements <= MOST_STATEMENTS and read[-1].cpu <= MOST_CONTENTION * read[0].cpu


async def _sent(postgres: scale_sending.Server, place: Path) -> tuple[PlannedAll, list[SentAll]]:
    planned, url = await scale_sending.planned(postgres, place, SUBSCRIBERS)
    return planned, await scale_sending.sent(postgres, url)


def _saved(saved: Saved) -> Iterator[Line]:
    each = saved.articles
    yield (
        "an article",
        f"{saved.words / each:.0f} words, {saved.facts / each:.0f} facts",
        f"mean of {each} real ones",
    )
    yield (
        "saving an article",
        f"{saved.client:.0f} + {saved.server:.0f} ms CPU",
        "client + server",
    )
    yield "  its statements", f"{saved.statements:.0f}", "ways to the server and back, under the one writer's lock"
    yield "  its lock is held", f"{saved.held:.0f} ms", f"median: at most {1000 / saved.held:.0f} articles a second"
    yield "  its log (WAL)", f"{saved.wal / 1000:,.0f} kB", "what a replica and a backup of the log must take"
    yield (
        "on the disk, an article",
        f"{saved.bytes_an_article / 1000:,.0f} kB",
        f"{sum(saved.bytes_by_table.values()) / saved.facts / 1000:.1f} kB a fact;"
        f" in SQLite {saved.sqlite_bytes / each / 1000:,.0f} kB an article",
    )
    yield (
        "  of that, indexes",
        f"{saved.index_bytes / each / 1000:,.0f} kB",
        "what should be in memory where much is asked",
    )
    largest = sorted(saved.bytes_by_table.items(), key=lambda item: -item[1])[:5]
    for name, size in largest:
        yield f"  {name}", f"{size / each / 1000:,.1f} kB", "of them"


def _together(together: list[Together]) -> Iterator[Line]:
    for each in together:
        yield (
            f"{each.savers} saving at once",
            f"{each.a_second:.1f} articles a second",
            f"of 20 facts; {100 * each.waiting:.0f} % of their time waiting for the lock;"
            f" {each.client:.0f} + {each.server:.0f} ms CPU each",
        )


def _read(read: list[Read]) -> Iterator[Line]:
    for each in read:
        yield (
            f"{each.workers} workers reading",
            f"{each.cpu:.2f} + {each.server:.3f} s CPU an article",
            f"{1 / (each.cpu + each.server):.1f} articles a CPU second ({each.cpu / read[0].cpu:.2f}x of one worker's"
            f" CPU); {each.a_second:.1f} a second on {os.cpu_count()} cores with whatever else ran",
        )


def _planned(planned: PlannedAll) -> Iterator[Line]:
    number = planned.subscribers
    yield (
        f"planning {number:,} digests",
        f"{planned.client:.1f} + {planned.server:.1f} s CPU",
        f"{1000 * (planned.client + planned.server) / number:.2f} ms each, slot, message, head and job written",
    )
    ordered, queued = (sum(each.values()) for each in (planned.bytes_ordered, planned.bytes_queued))
    yield (
        "on the disk, a subscription",
        f"{planned.bytes_ordered.get('subscriptions', 0) / number:,.0f} bytes",
        f"all tables with five articles {ordered / number:,.0f}; its digest on its way {queued / number:,.0f} more",
    )


def _sending(sent: list[SentAll]) -> Iterator[Line]:
    for each in sent:
        yield (
            f"{each.workers} workers, {each.platform}, {1000 * each.latency:.0f} ms",
            f"{each.a_second:.1f} messages a second",
            f"{each.client:.1f} + {each.server:.1f} ms CPU a message",
        )
