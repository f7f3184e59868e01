"""Reading happens in processes of their own: warm, replaceable, and never left behind."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from deadly import die, die_once, pid, refuse, spin

from digests.errors import SettingsError, UnreadableArticle
from digests.extract.worker import Worker, extract_keyed_in_process, keys_of, limited, linked
from digests.model import Extraction, Person, Role
from digests.sources.file import article_from

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    async with Worker() as started:
        yield started


async def test_facts_are_read_in_a_process_and_people_linked_there(worker: Worker) -> None:
    await worker.warm()
    article = article_from(
        'Vesland\'s Foreign Minister Ilse Brandt said on Monday: "We will sail."', published="2020-02-15"
    )
    german = article_from("Der Hafen ist seit Montag gesperrt, sagte die Ministerin, und die Fähren fahren nicht.")
    (read, keys), (nothing, _) = await worker.extract_keyed([article, german])
    assert nothing == Extraction()  # facts are read from English only
    assert read.facts
    assert await worker.extract_keyed([article]) == [(read, keys)]
    brandt = next(fact.entity for fact in read.facts if isinstance(fact, Role) and fact.name == "Ilse Brandt")
    assert brandt is not None
    assert keys[brandt].type == "person"
    known = Person(id=77, name="Ilse Brandt")
    assert worker.link(read, {brandt: [known]})[brandt] == 77
    assert brandt not in worker.link(read, {})


def test_what_a_process_does_is_plain_functions() -> None:
    article = article_from(
        'Vesland\'s Foreign Minister Ilse Brandt said on Monday: "We will sail."', published="2020-02-15"
    )
    ((read, keys),) = limited(900, extract_keyed_in_process, ([article],))
    assert read.facts
    assert keys == keys_of(read)
    brandt = next(mention.entity for mention in read.people if mention.name == "Ilse Brandt")
    assert linked(read, {brandt: [Person(id=77, name="Ilse Brandt")]})[brandt] == 77
    assert set(linked(read, {})) == set()
    assert brandt in keys


async def test_a_process_that_dies_is_replaced_and_the_work_done(worker: Worker, tmp_path: Path) -> None:
    before = await worker.run(pid)
    assert await worker.run(die_once, str(tmp_path / "died")) == "alive"
    assert await worker.run(pid) != before


async def test_work_that_kills_its_process_twice_is_refused(worker: Worker) -> None:
    with pytest.raises(UnreadableArticle, match="nothing was saved"):
        await worker.run(die)
    assert await worker.run(pid) > 0  # the next article is read as ever


async def test_work_that_never_ends_is_ended() -> None:
    async with Worker(cpu_seconds=1) as worker:
        with pytest.raises(UnreadableArticle, match="too long"):
            await worker.run(spin)


async def test_a_missing_model_is_said_as_it_is(worker: Worker) -> None:
    with pytest.raises(SettingsError, match="install it"):
        await worker.run(refuse)


async def test_several_tasks_share_the_processes() -> None:
    async with Worker(processes=2) as worker:
        found = await asyncio.gather(*(worker.run(pid) for _ in range(6)))
        assert os.getpid() not in found
        assert len(set(found)) <= 2


async def test_closing_twice_or_unused_is_no_error() -> None:
    worker = Worker()
    await worker.close()
    assert await worker.run(pid) > 0
    await worker.close()
    await worker.close()


PARENT = """
import asyncio, sys
from deadly import pid
from digests.extract.worker import Worker

async def main():
    worker = Worker()
    print(await worker.run(pid), flush=True)
    await asyncio.sleep(600)

if __name__ == "__main__":
    asyncio.run(main())
"""


def test_a_process_ends_when_the_one_that_started_it_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(PARENT)
    env = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests' / 'fakes'}"}
    parent = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True, env=env)
    assert parent.stdout is not None
    child = os.pidfd_open(int(parent.stdout.readline()))
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    ended, _, _ = select.select([child], [], [], 20)
    os.close(child)
    assert ended


HEAVY = ("spacy", "thinc", "trafilatura", "lxml", "py3langid", "charset_normalizer", "sqlite_utils", "numpy")


def test_the_chat_process_loads_nothing_heavy() -> None:
    program = (
        "import sys, digests.ingest.service, digests.store.sqlite, digests.store.migrations, digests.sources.file\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    assert done.stdout == "[]\n", done.stdout + done.stderr
