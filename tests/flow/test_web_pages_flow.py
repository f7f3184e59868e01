"""A fact's page as somebody opens it from the chat, over a real server on loopback."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.newsroom import EDITOR, NOON, TODAY, due, evidence, newsroom, report, says
from fakes.website import BASE, LINKS, Website, website

from bot.circulation.digests import Digests
from digests.model import Evidence

SAYS = "Fuat Oktay said on Saturday that the road would be opened."
WEBMASTER = replace(EDITOR, role="editor")
CHIEF = replace(EDITOR, role="admin")
EVIL = '<script>alert(1)</script> & "x" \'</title><img src=//x.example onerror=alert(1)>'


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Website]:
    async with newsroom(tmp_path) as room, website(room) as made:
        yield made


async def link_in_chat(web: Website, number: int) -> str:
    """The address that /evidence gives."""
    reply = await web.room.ask(f"/evidence {number}")
    return str(reply.data["web"])


async def arrived(web: Website, sentence: str = SAYS, *, title: str = "A Report", url: str = "") -> int:
    article = report("It was quiet.", sentence, "Nothing else was said.", title=title, url=url)
    await web.room.arrive(article, (says(article, sentence, sentence[:10]),))
    return 1


def marked_in(html: str) -> list[str]:
    return re.findall("<mark>(.*?)</mark>", html, re.DOTALL)


async def test_a_link_from_the_chat_opens_the_passage_with_the_words_marked(web: Website) -> None:
    number = await arrived(web, url="https://wire.example/a?b=1&c=2")
    page = await web.get(await link_in_chat(web, number))
    assert page.status_code == 200
    assert marked_in(page.text) == [SAYS]
    assert "It was quiet. <mark>" in page.text
    assert "</mark> Nothing else was said." in page.text
    assert '<a href="https://wire.example/a?b=1&amp;c=2" rel="noopener noreferrer">' in page.text
    assert page.headers["cache-control"] == "private, no-store"


async def test_the_chat_shows_no_link_where_there_is_no_web_side(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room:
        article = report(SAYS)
        await room.arrive(article, (says(article, SAYS, "Fuat Oktay"),))
        assert "On the web" not in await room.read("/evidence 1")
        assert "web" not in (await room.ask("/evidence 1")).data


async def test_a_page_needs_no_script_and_asks_nobody_else_for_anything(web: Website) -> None:
    page = (await web.get(await link_in_chat(web, await arrived(web)))).text
    assert not re.search(r"<script|<img|<iframe|@import|\bon\w+=|style=", page)
    assert re.findall(r'(?:src|href)="([^"]*)"', page) == ["/style.css"]
    style = await web.get("/style.css")
    assert style.headers["content-type"].startswith("text/css")
    assert not re.search(r"url\(|@import", style.text)


async def test_what_strangers_write_is_shown_and_never_run(web: Website) -> None:
    sentence = f"Fuat Oktay said {EVIL} today."
    number = await arrived(web, sentence, title=EVIL, url="javascript:alert(1)")
    page = (await web.get(await link_in_chat(web, number))).text
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;x&#34;" in page
    assert "javascript:" not in page


async def test_controls_are_made_visible(web: Website) -> None:
    number = await arrived(web, "Fuat Oktay said \x1b[2J so.")
    assert "\x1b" not in (await web.get(await link_in_chat(web, number))).text


@pytest.mark.parametrize("path", ["/e/1", "/e/1?until=9999999999&sign=AAAA", "/e/1?sign=%00%ff", "/e/x?until=&sign="])
async def test_a_forged_link_is_refused_and_says_how_to_get_a_good_one(web: Website, path: str) -> None:
    await arrived(web)
    page = await web.get(path)
    assert page.status_code == 403
    assert "This link does not work" in page.text
    assert ("<code>/evidence 1</code>" in page.text) == path.startswith("/e/1")
    assert SAYS not in page.text


async def test_a_link_to_one_fact_opens_no_other(web: Website) -> None:
    await arrived(web)
    assert (await web.get((await link_in_chat(web, 1)).replace("/e/1", "/e/2"))).status_code == 403


async def test_nobody_learns_from_forged_links_which_facts_there_are(web: Website) -> None:
    await arrived(web)
    known, unknown = (await web.get("/e/1?until=1&sign=x")).text, (await web.get("/e/7?until=1&sign=x")).text
    assert known.replace("/evidence 1", "") == unknown.replace("/evidence 7", "")


async def test_an_old_link_says_that_it_has_expired(web: Website) -> None:
    url = await link_in_chat(web, await arrived(web))
    web.room.now = NOON + timedelta(days=8)
    page = await web.get(url)
    assert page.status_code == 403
    assert "This link has expired" in page.text
    assert "<code>/evidence 1</code>" in page.text


async def test_an_admin_ends_a_link_and_from_the_next_day_on_there_are_new_ones(web: Website) -> None:
    number = await arrived(web)
    url, another = await link_in_chat(web, number), LINKS.evidence(99, at=NOON)
    assert (await web.get(url)).status_code == 200
    reply = await web.room.ask(f"/revoke {url}", CHIEF)
    assert (reply.template, reply.data["ended"]) == ("link_ended", True)
    page = await web.get(url)
    assert (page.status_code, "This link has expired" in page.text, SAYS in page.text) == (403, True, False)
    assert (await web.get(another)).status_code == 404, "it is another page's"
    web.room.now = NOON + timedelta(days=1)
    assert (await web.get(url)).status_code == 403
    assert (await web.get(await link_in_chat(web, number))).status_code == 200
    await web.room.services.books.tidy(before=NOON + timedelta(days=30))


@pytest.mark.parametrize("given", ["https://evil.example/e/1?until=9&sign=x", f"{BASE}/e/1?until=9&sign=x", f"{BASE}/"])
async def test_only_a_link_that_was_made_here_can_be_ended(web: Website, given: str) -> None:
    url = await link_in_chat(web, await arrived(web))
    assert "copy the whole of it" in await web.room.read(f"/revoke {given}", CHIEF)
    assert (await web.room.ask(f"/revoke {url}")).template == "not_allowed"
    assert (await web.get(url)).status_code == 200


async def test_a_retracted_fact_shows_its_history_and_nothing_it_said(web: Website) -> None:
    url = await link_in_chat(web, await arrived(web))
    await web.room.ask("/retract 1 he was misheard", WEBMASTER)
    assert await link_in_chat(web, 1) == url
    page = (await web.get(url)).text
    assert "Retracted" in page
    assert "he was misheard" in page
    assert SAYS not in page
    assert "telegram:1" not in page


async def test_a_corrected_fact_tells_what_it_said_before_and_not_who_corrected_it(web: Website) -> None:
    sentence = "Turkey must leave by Saturday."
    article = report(sentence)
    await web.room.arrive(article, (due(article, sentence, TODAY),))
    await web.room.ask("/correct 1 due=31 March | the ministry moved it", WEBMASTER)
    page = (await web.get(await link_in_chat(web, 1))).text
    assert "<del>15 Feb 2020</del> → <ins>31 Mar 2020</ins>" in page
    assert "the ministry moved it" in page
    assert "Due Tue 31 Mar 2020" in page
    assert "telegram:1" not in page


async def test_a_new_version_is_compared_word_for_word(web: Website) -> None:
    url = "https://wire.example/a"
    await arrived(web, url=url)
    link = await link_in_chat(web, 1)
    newer = report("It was quiet.", SAYS.replace("opened", "closed"), "Nothing else was said.", url=url)
    await web.room.arrive(newer)
    page = (await web.get(link)).text
    assert re.search("<del>[^<]*opened[^<]*</del>", page)
    assert re.search("<ins>[^<]*closed[^<]*</ins>", page)


async def test_all_words_of_one_paragraph_are_marked_in_one_passage(web: Website) -> None:
    article = report(SAYS, "He is Turkey's vice president.")
    fact = says(article, SAYS, "Fuat Oktay")
    both = (*evidence(article, "vice president"), *fact.evidence)
    start = article.text.index("Oktay")
    inside = Evidence(start=start, end=start + 5, quote="Oktay")
    await web.room.arrive(article, (replace(fact, evidence=(both[1], both[0], inside)),))
    page = (await web.get(await link_in_chat(web, 1))).text
    assert marked_in(page) == [SAYS, "vice president"]
    assert page.count("<blockquote") == 1


async def test_a_very_long_paragraph_is_cut_at_blanks_around_the_words(web: Website) -> None:
    article = report("word " * 2000 + SAYS + " end" * 2000)
    await web.room.arrive(article, (says(article, SAYS, "Fuat Oktay"),))
    page = (await web.get(await link_in_chat(web, 1))).text
    assert marked_in(page) == [SAYS]
    assert len(page) < 6000


async def test_a_number_without_a_fact_is_not_there_even_with_a_good_link(web: Website) -> None:
    assert (await web.get(LINKS.evidence(77, at=NOON))).status_code == 404
    assert (await web.get(LINKS.signed("e", "9" * 30, at=NOON))).status_code == 404


async def test_a_base_with_a_path_leads_to_the_style_sheet_below_it(tmp_path: Path) -> None:
    async with newsroom(tmp_path) as room, website(room, base=f"{BASE}/onrecord") as web:
        assert '<link rel="stylesheet" href="/onrecord/style.css">' in (await web.get("/e/1")).text


async def test_words_that_do_not_stand_in_their_article_are_not_shown(web: Website) -> None:
    url = await link_in_chat(web, await arrived(web))
    await web.room.database.write(
        lambda c: c.execute("UPDATE article_versions SET text = replace(text, 'opened', 'closed')")
    )
    page = await web.get(url)
    assert page.status_code == 410
    assert "do not stand in the article" in page.text
    assert "road" not in page.text


# Digests


async def digest_link(web: Website, typed: str = "/digest") -> str:
    return str((await web.room.ask(typed)).data["web"])


async def test_a_digest_ends_with_a_link_to_its_page(web: Website) -> None:
    await arrived(web)
    assert "On the web" in await web.room.read("/digest")
    page = await web.get(await digest_link(web))
    assert page.status_code == 200
    assert "<title>Digest · Sat 15 Feb 2020 · Onrecord</title>" in page.text
    assert '<h1 dir="auto">Digest · Sat 15 Feb 2020</h1>' in page.text
    assert f'<blockquote dir="auto">{SAYS}</blockquote>' in page.text
    assert "/subscribe" not in page.text
    assert not re.search(r"<script|<img|style=|\x10", page.text)


async def test_its_lines_lead_to_their_evidence_for_as_long_as_the_digest_can_be_opened(web: Website) -> None:
    sentence = "Turkey must leave by Tuesday."
    article = report(sentence)
    await web.room.arrive(article, (due(article, sentence, TODAY + timedelta(days=3)),))
    link = await digest_link(web)
    web.room.now = NOON + timedelta(days=7)
    page = (await web.get(link)).text
    found = re.search(r'<a href="([^"]*)">Evidence 1</a>', page)
    assert found is not None
    fact = found[1].replace("&amp;", "&")
    assert marked_in((await web.get(fact)).text) == [sentence]
    web.room.now = NOON + timedelta(days=8)
    assert (await web.get(fact)).status_code == 403
    expired = await web.get(link)
    assert (expired.status_code, "<code>/digest</code>" in expired.text) == (403, True)


async def test_a_digest_reads_on_its_page_as_the_record_stands_now(web: Website) -> None:
    sentence = "Turkey must leave by Tuesday."
    article = report(sentence)
    await web.room.arrive(article, (due(article, sentence, TODAY + timedelta(days=3)),))
    link = await digest_link(web)
    await web.room.ask("/correct 1 due=20 Feb 2020 | the ministry moved it", WEBMASTER)
    page = (await web.get(link)).text
    assert "CORRECTED" in page
    assert "the ministry moved it" in page
    await web.room.ask("/retract 1 nobody said so", WEBMASTER)
    assert "Evidence 1</a>" not in (await web.get(link)).text


async def test_a_digest_without_news_has_no_page(web: Website) -> None:
    assert "web" not in (await web.room.ask("/digest")).data


async def test_a_digest_that_is_kept_no_longer_says_so(web: Website) -> None:
    page = await web.get(LINKS.signed("d", "0" * 32, at=NOON))
    assert page.status_code == 410
    assert "This digest is gone" in page.text


async def test_a_link_to_a_digest_cannot_be_made_up(web: Website) -> None:
    await arrived(web)
    link = await digest_link(web)
    assert (await web.get(link.replace("sign=", "sign=x"))).status_code == 403
    assert (await web.get(link.replace("/d/", "/e/"))).status_code == 403
    assert (await web.get(link.replace("/d/", "/d/..%2f"))).status_code in (403, 404)


async def test_dates_on_the_page_are_in_the_language_of_the_chat(web: Website) -> None:
    await arrived(web)
    await web.room.ask("/settings language de")
    assert "Sa. 15 Feb. 2020" in (await web.get(await digest_link(web))).text


async def test_an_ordered_digest_leads_to_one_page_for_all_who_ordered_it(web: Website) -> None:
    others = replace(EDITOR, chat="telegram:2", user="telegram:2")
    for origin in (EDITOR, others):
        await web.room.ask("/subscribe daily 13:00", origin)
    await arrived(web)
    services = web.room.services
    web.room.now = NOON + timedelta(hours=1, minutes=1)
    loop = Digests(
        subscriptions=services.subscriptions, store=services.store, queued=lambda: None, links=services.links
    )
    await loop.once(web.room.now)
    links = {str(reply.data["web"]) for _, reply in await web.room.queued()}
    assert len(links) == 1
    page = await web.get(links.pop())
    assert SAYS in page.text


async def test_each_request_has_an_id_that_its_answer_and_its_lines_tell_but_no_address(
    web: Website, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot.web")
    link = await link_in_chat(web, await arrived(web))
    own = await web.get(link)
    theirs = await web.get(link, headers={"X-Request-ID": "edge-7"})
    forged = await web.get("/e/1?sign=secret", headers={"X-Request-ID": "a b"})
    await web.get("/healthz")
    await web.get("/nowhere/secret")
    assert theirs.headers.get_list("x-request-id") == ["edge-7"]
    assert own.headers["x-request-id"] != forged.headers["x-request-id"] != "a b"
    told = [(each.levelname, each.getMessage().split(" after ")[0]) for each in caplog.records]
    assert told == [
        *[("INFO", "web: GET /e/{key}: 200")] * 2,
        ("INFO", "web: GET /e/{key}: 403"),
        ("DEBUG", "web: GET /healthz: 200"),
        ("INFO", "web: GET an address that there is not: 404"),
    ]
