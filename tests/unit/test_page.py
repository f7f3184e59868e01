"""A page's article: every word of it, in order, and nothing a tag was built for."""

from __future__ import annotations

import time

import pytest

from digests.sources.page import page_from

FIRST = "The ferries of Port Ardal stopped on Monday after the talks with the crews had failed again."
SECOND = "Nobody expects them to sail before the end of the week, the harbour master told the reporters."


def page(*inner: str, head: str = "") -> str:
    return (
        f"<html><head><title>Ferries stop</title>{head}</head><body><article>{''.join(inner)}</article></body></html>"
    )


@pytest.mark.parametrize(
    ("inner", "wanted"),
    [
        (f"<h1>Ferries stop</h1><p>{FIRST}</p><p>{SECOND}</p>", [FIRST, SECOND]),
        (f"<h1>Ferries stop</h1><p>{FIRST}</p><h2>No end</h2>{SECOND}<p>It rained.</p>", [FIRST, "## No end", SECOND]),
        (f"<p>{FIRST}</p><ul><li>No boats</li><li>No crews</li></ul><p>{SECOND}</p>", ["- No boats", "- No crews"]),
        (f"<p>{FIRST}</p><p>{SECOND}</p><p>Dates:<br>9 June<br>10 June</p>", ["Dates: 9 June 10 June"]),
        (
            f"<p>{FIRST}</p><table><tr><td>Ardal</td><td>12</td></tr><tr><td>Nes</td><td>9</td></tr></table><p>{SECOND}</p>",
            ["Ardal | 12", "Nes | 9"],
        ),
        (f"<p>The <b>ferries</b> of <a href='/p'>Port</a> Ardal rest{'.' * 3}</p><p>{SECOND}</p>", ["Port Ardal rest"]),
        (f"<div {'x=1 ' * 50_000}><p>{FIRST}</p><p>{SECOND}</p></div>", [FIRST, SECOND]),
        (f"<p data-all='{'y' * 90_000}'>{FIRST}</p><p>{SECOND}</p>", [FIRST, SECOND]),
        (f"<!-- {'z' * 90_000} --><p>{FIRST}</p><p>{SECOND}</p>", [FIRST, SECOND]),
    ],
)
def test_the_words_of_a_page_stand_in_their_order(inner: str, wanted: list[str]) -> None:
    begun = time.process_time()
    found = page_from(page(inner)).text
    at = [found.find(each) for each in wanted]
    assert -1 not in at
    assert at == sorted(at)
    assert time.process_time() - begun < 5  # a tag of 50,000 attributes used to take minutes


def test_the_headline_stands_once() -> None:
    assert page_from(page(f"<h1>Ferries stop</h1><p>{FIRST}</p><p>{SECOND}</p>")).text.count("Ferries stop") == 1
