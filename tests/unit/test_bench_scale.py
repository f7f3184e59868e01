"""What the scale benchmark prints can be read and is computed rightly; it is run by `make bench`."""

from __future__ import annotations

from bench import scale
from bench.scale_saving import Saved, Together
from bench.scale_sending import IN_SLACK, RUNS, SENT, PlannedAll, SentAll, ordered
from bench.scale_working import Read

SAVED = Saved(
    articles=10,
    facts=960,
    words=7000,
    client=33.0,
    server=31.0,
    held=50.0,
    statements=88.0,
    wal=805_000.0,
    bytes_by_table={"facts": 700_000, "fact_search": 2_000_000},
    index_bytes=1_000_000,
    sqlite_bytes=1_240_000,
)


def test_an_article_s_room_and_cost_are_told() -> None:
    found = {what.strip(): f"{measured} {note}" for what, measured, note in scale._saved(SAVED)}
    assert found["an article"] == "700 words, 96 facts mean of 10 real ones"
    assert found["on the disk, an article"] == "270 kB 2.8 kB a fact; in SQLite 124 kB an article"
    assert found["its lock is held"] == "50 ms median: at most 20 articles a second"
    assert list(found)[-2:] == ["fact_search", "facts"]


def test_what_workers_and_savers_do_together_is_told() -> None:
    one = Read(workers=1, articles=10, seconds=2.0, cpu=0.2, server=0.05)
    four = Read(workers=4, articles=10, seconds=1.0, cpu=0.3, server=0.05)
    assert "1.50x of one worker's" in list(scale._read([one, four]))[1][2]
    savers = Together(savers=4, a_second=11.0, waiting=0.62, client=24.0, server=23.0)
    assert "62 % of their time" in next(scale._together([savers]))[2]
    sent = SentAll(platform="slack", latency=0.1, workers=4, a_second=27.5, client=5.2, server=5.9)
    assert next(scale._sending([sent])) == (
        "4 workers, slack, 100 ms",
        "27.5 messages a second",
        "5.2 + 5.9 ms CPU a message",
    )
    planned = PlannedAll(
        subscribers=1000,
        client=0.1,
        server=0.6,
        bytes_ordered={"subscriptions": 280_000},
        bytes_queued={"outbox": 371_000},
    )
    assert [line[1] for line in scale._planned(planned)] == ["0.1 + 0.6 s CPU", "280 bytes"]


def test_there_are_enough_subscribers_for_all_runs() -> None:
    chats = [each.chat for each in ordered(2 * IN_SLACK)]
    assert sum(chat.startswith("slack:") for chat in chats) == 2
    slack = sum(SENT[platform] for platform, _, _ in RUNS if platform == "slack")
    assert slack * IN_SLACK * 1.5 < scale.SUBSCRIBERS
