"""Fetching from a real server on loopback: what it sends, what it does wrong, and what is never sent to it."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib
from collections.abc import AsyncIterator, Sequence

import brotli
import httpcore
import pytest
from aiohttp import web
from fakes.web_server import CERTIFICATE, Site, site

from digests.errors import FetchError, RefusedAddress
from digests.sources.fetch import Fetched, Fetcher


@pytest.fixture
async def server() -> AsyncIterator[Site]:
    async with site() as running:
        yield running


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(loopback=True, pause=0.0, seconds=60.0) as made:
        yield made


async def test_a_page_comes_with_what_the_server_says_of_it(server: Site, fetcher: Fetcher) -> None:
    headers = {
        "Content-Type": 'Text/HTML; Charset="windows-1251"',
        "ETag": '"a1"',
        "Last-Modified": "Sat, 15 Feb 2020 10:00:00 GMT",
        "Cache-Control": "public, max-age=600",
    }
    url = server.put("/a", b"\xcf\xf0\xe8", headers=headers)
    assert await fetcher.get(url) == Fetched(
        url=url,
        data=b"\xcf\xf0\xe8",
        media_type="text/html",
        charset="windows-1251",
        etag='"a1"',
        last_modified="Sat, 15 Feb 2020 10:00:00 GMT",
        max_age=600.0,
    )
    sent = server.asked[0][1]
    assert sent["User-Agent"].startswith("Onrecord/")
    assert sent["Accept-Encoding"] == "gzip, deflate, br"


async def test_what_is_known_is_asked_for_conditionally(server: Site, fetcher: Fetcher) -> None:
    url = server.put("/a", status=304)
    found = await fetcher.get(url, etag='"a1"', last_modified="Sat, 15 Feb 2020 10:00:00 GMT")
    assert found.unchanged
    sent = server.asked[0][1]
    assert sent["If-None-Match"] == '"a1"'
    assert sent["If-Modified-Since"] == "Sat, 15 Feb 2020 10:00:00 GMT"


async def test_a_tag_longer_than_any_honest_one_is_not_kept(server: Site, fetcher: Fetcher) -> None:
    assert (await fetcher.get(server.put("/a", "x", headers={"ETag": "x" * 5000}))).etag == ""


async def test_a_kept_tag_with_a_line_break_is_not_sent_back(server: Site, fetcher: Fetcher) -> None:
    url = server.put("/a", "x")
    await fetcher.get(url, etag='"a"\r\nX-Evil: 1', last_modified="Fév")
    assert not {"If-None-Match", "If-Modified-Since", "X-Evil"} & set(server.asked[0][1])


RAW = zlib.compressobj(wbits=-15)
DEFLATED = RAW.compress(b"hello") + RAW.flush()
GZIPPED = gzip.compress(b"hello", mtime=0)
"""Without the time of day: the bytes name the case, and every process that collects the tests must name it alike."""


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", GZIPPED),
        ("x-gzip", GZIPPED),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", DEFLATED),
        ("br", brotli.compress(b"hello")),
        ("identity", b"hello"),
        ("gzip", GZIPPED[:-4]),
    ],
)
async def test_packed_bodies_are_unpacked(server: Site, fetcher: Fetcher, encoding: str, body: bytes) -> None:
    url = server.put("/a", body, headers={"Content-Encoding": encoding})
    assert (await fetcher.get(url)).data == b"hello"


ZEROS = b"\0" * 30_000_000


@pytest.mark.parametrize(
    ("encoding", "body", "why"),
    [
        ("gzip", gzip.compress(ZEROS, 1, mtime=0), "more than 20 MB"),
        ("deflate", zlib.compress(ZEROS, 1), "more than 20 MB"),
        ("br", brotli.compress(ZEROS, quality=1), "more than 20 MB"),
        ("gzip, gzip", gzip.compress(GZIPPED, mtime=0), "packed 2 times over"),
        ("zstd", b"(\xb5/\xfd", "which was not asked for"),
        ("gzip", b"this is not gzip", "compression is damaged"),
        ("br", b"\xff\xff\xff this is not brotli", "compression is damaged"),
    ],
)
async def test_bombs_and_odd_packings_are_refused(
    server: Site, fetcher: Fetcher, encoding: str, body: bytes, why: str
) -> None:
    url = server.put("/a", body, headers={"Content-Encoding": encoding})
    with pytest.raises(FetchError, match=why):
        await fetcher.get(url)


async def test_a_body_that_is_too_large_is_not_read(server: Site, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="sends more than"):
        await fetcher.get(server.put("/a", b"x" * 5000), most=4000)
    with pytest.raises(FetchError, match="sends more than"):
        await fetcher.get(server.drip("/endless", every=0.0, packet=b"x" * 10_000), most=100_000)


async def test_a_body_that_drips_is_given_up(server: Site) -> None:
    async with Fetcher(loopback=True, pause=0.0, seconds=0.3) as hurried:
        with pytest.raises(FetchError, match=r"127\.0\.0\.1 did not answer in full within 0 s"):
            await hurried.get(server.drip("/slow", every=0.02))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed(server: Site, fetcher: Fetcher, status: int) -> None:
    url = server.put("/new", "here")
    old = server.put("/old", status=status, headers={"Location": "/new"})
    found = await fetcher.get(old)
    assert (found.url, found.data) == (url, b"here")
    assert found.moved_to == (url if status in (301, 308) else "")


async def test_after_a_passing_redirect_nothing_has_moved_for_good(server: Site, fetcher: Fetcher) -> None:
    server.put("/c", "here")
    server.put("/b", status=301, headers={"Location": "/c"})
    found = await fetcher.get(server.put("/a", status=302, headers={"Location": "/b"}))
    assert (found.url, found.moved_to) == (server.url + "/c", "")


async def test_a_circle_of_redirects_ends(server: Site, fetcher: Fetcher) -> None:
    url = server.put("/a", status=302, headers={"Location": "/a"})
    with pytest.raises(FetchError, match="more than 5 times"):
        await fetcher.get(url)
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    "where",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x7f.1/",
        "file:///etc/passwd",
        "https://user:secret@example.org/",
    ],
)
async def test_a_redirect_to_what_is_not_public_is_refused(server: Site, fetcher: Fetcher, where: str) -> None:
    with pytest.raises(RefusedAddress):
        await fetcher.get(server.put("/a", status=302, headers={"Location": where}))


async def test_loopback_is_refused_unless_it_is_allowed(server: Site) -> None:
    async with Fetcher(pause=0.0) as guarded:
        for url in (server.put("/a"), server.url.replace("127.0.0.1", "localhost") + "/a"):
            with pytest.raises(RefusedAddress, match="not on the public Internet"):
                await guarded.get(url)
    assert server.asked == []


@pytest.mark.parametrize(
    "host",
    ["①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1", "LOCALHOST", "[::ffff:127.0.0.1]", "[::]", "[fe80::1%25lo]", "0"],
)
async def test_loopback_is_refused_in_letters_of_every_kind(server: Site, host: str) -> None:
    async with Fetcher(pause=0.0) as guarded:
        with pytest.raises(FetchError):
            await guarded.get(server.url.replace("127.0.0.1", host))
    assert server.asked == []


async def test_the_checked_address_is_the_one_connected_to(server: Site) -> None:
    """A name that answers with a public address at the check and a private one at the connection gets one look-up."""
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    async def resolve(host: str, port: int) -> Sequence[str]:
        return answers.pop(0)

    server.put("/a", "here")
    url = server.url.replace("127.0.0.1", "rebinding.example") + "/a"
    async with Fetcher(loopback=True, pause=0.0, resolve=resolve) as made:
        assert (await made.get(url)).data == b"here"
        assert len(answers) == 1
    assert server.asked[0][1]["Host"].startswith("rebinding.example")


async def test_one_private_address_among_those_of_a_name_refuses_it(server: Site) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1", "192.168.0.7"]

    async with Fetcher(loopback=True, pause=0.0, resolve=resolve) as made:
        with pytest.raises(RefusedAddress, match=r"mixed\.example is not on the public Internet"):
            await made.get(server.url.replace("127.0.0.1", "mixed.example"))
    assert server.asked == []


async def test_the_next_address_of_a_name_is_tried(server: Site) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["::1", "127.0.0.1"]

    server.put("/a", "here")
    async with Fetcher(loopback=True, pause=0.0, resolve=resolve) as made:
        assert (await made.get(server.url.replace("127.0.0.1", "both.example") + "/a")).data == b"here"


async def test_a_name_that_nobody_knows_is_said_so() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError(-2, "Name or service not known")

    async with Fetcher(pause=0.0, resolve=resolve) as made:
        with pytest.raises(FetchError, match=r"nowhere\.example: no such host is known"):
            await made.get("https://nowhere.example/")
        with pytest.raises(FetchError) as caught:
            await made.get("https://nowhere.example/1", robots=True)
        assert str(caught.value) == "nowhere.example: no such host is known (is the name right?)"


@pytest.mark.parametrize(
    ("status", "headers", "again", "after", "said"),
    [
        (404, {}, False, None, "has no such page"),
        (410, {}, False, None, "gone for good"),
        (403, {}, False, None, "does not let programs in"),
        (418, {}, False, None, "does not give it"),
        (429, {"Retry-After": "120"}, True, 120.0, "asked too often"),
        (503, {"Retry-After": "Sat, 15 Feb 2020 10:00:00 GMT"}, True, 0.0, "out of order"),
        (500, {"Retry-After": "soon"}, True, None, "out of order"),
    ],
)
async def test_a_refusal_says_why_and_whether_to_come_again(
    server: Site,
    fetcher: Fetcher,
    status: int,
    headers: dict[str, str],
    again: bool,
    after: float | None,
    said: str,
) -> None:
    with pytest.raises(FetchError, match=said) as caught:
        await fetcher.get(server.put("/a", status=status, headers=headers))
    error = caught.value
    assert (error.status, error.again, error.after) == (status, again, after)


async def test_a_connection_that_breaks_off_or_talks_nonsense_is_said_so(fetcher: Fetcher) -> None:
    answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", b"SSH-2.0-OpenSSH_9.2\r\n", b""]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answers.pop(0))
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening:
        for _ in range(3):
            with pytest.raises(FetchError, match=r"127\.0\.0\.1 (does not speak HTTP|broke off)") as caught:
                await fetcher.get(f"http://127.0.0.1:{port}/")
            assert caught.value.again
    with pytest.raises(FetchError, match="cannot be reached"):
        await fetcher.get(f"http://127.0.0.1:{port}/")


async def test_a_server_that_speaks_no_tls_is_said_so(fetcher: Fetcher, server: Site) -> None:
    with pytest.raises(FetchError, match=r"cannot be reached|does not speak"):
        await fetcher.get(server.url.replace("http:", "https:"))


async def test_cookies_are_not_kept(server: Site, fetcher: Fetcher) -> None:
    url = server.put("/a", "x", headers={"Set-Cookie": "who=you"})
    await fetcher.get(url)
    await fetcher.get(url)
    assert "Cookie" not in server.asked[1][1]


# robots.txt


async def test_a_page_that_robots_txt_keeps_from_programs_is_not_asked_for(server: Site, fetcher: Fetcher) -> None:
    server.put("/robots.txt", "User-agent: *\nDisallow: /private/\n\nUser-agent: onrecord\nDisallow: /not-you/*.html\n")
    server.put("/not-you/a.html", "x")
    open_page = server.put("/private/a.html", "for us it is open")
    with pytest.raises(FetchError, match=r"asks programs not to fetch that page \(robots\.txt\)") as caught:
        await fetcher.get(server.url + "/not-you/a.html", robots=True)
    assert not caught.value.again
    assert (await fetcher.get(open_page, robots=True)).data == b"for us it is open"
    assert server.paths() == ["/robots.txt", "/private/a.html"]


async def test_robots_txt_is_obeyed_behind_a_redirect_too(server: Site, fetcher: Fetcher) -> None:
    server.put("/robots.txt", "User-agent: *\nDisallow: /hidden\n")
    with pytest.raises(FetchError, match=r"robots\.txt"):
        await fetcher.get(server.put("/a", status=302, headers={"Location": "/hidden"}), robots=True)
    assert server.paths() == ["/robots.txt", "/a"]


async def test_a_site_without_robots_txt_lets_everything_be_fetched(server: Site, fetcher: Fetcher) -> None:
    assert (await fetcher.get(server.put("/a", "x"), robots=True)).data == b"x"


async def test_a_site_whose_robots_txt_cannot_be_had_is_left_alone_for_now(server: Site, fetcher: Fetcher) -> None:
    server.put("/robots.txt", status=503)
    url = server.put("/a", "x")
    for _ in range(2):
        with pytest.raises(FetchError, match=r"robots\.txt must be read") as caught:
            await fetcher.get(url, robots=True)
        assert caught.value.again
    assert server.paths() == ["/robots.txt"]


async def test_robots_txt_may_lie_behind_a_redirect_but_not_behind_a_circle(server: Site, fetcher: Fetcher) -> None:
    server.put("/robots.txt", status=301, headers={"Location": "/real"})
    server.put("/real", "User-agent: *\nDisallow: /a")
    with pytest.raises(FetchError, match="asks programs not to"):
        await fetcher.get(server.put("/a", "x"), robots=True)
    async with site() as other:
        other.put("/robots.txt", status=301, headers={"Location": "/robots.txt"})
        assert (await fetcher.get(other.put("/a", "x"), robots=True)).data == b"x"


async def test_a_feed_is_there_for_programs(server: Site, fetcher: Fetcher) -> None:
    server.put("/robots.txt", "User-agent: *\nDisallow: /\n")
    assert (await fetcher.get(server.put("/feed", "x"))).data == b"x"


# politeness


async def test_one_host_is_asked_one_thing_at_a_time_with_a_pause(server: Site) -> None:
    open_now, most = 0, 0

    async def handle(request: web.Request) -> web.Response:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(0.01)
        open_now -= 1
        return web.Response(text="x")

    urls = [server.act(f"/{number}", handle) for number in range(4)]
    loop = asyncio.get_running_loop()
    async with Fetcher(loopback=True, pause=0.05) as polite:
        began = loop.time()
        await asyncio.gather(*(polite.get(url) for url in urls))
    assert most == 1
    assert loop.time() - began >= 0.19


async def test_a_crawl_delay_is_kept(server: Site) -> None:
    server.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.2\n")
    url = server.put("/a", "x")
    loop = asyncio.get_running_loop()
    async with Fetcher(loopback=True, pause=0.0) as polite:
        began = loop.time()
        await polite.get(url, robots=True)
        await polite.get(url, robots=True)
    assert loop.time() - began >= 0.2


async def here(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


async def test_a_certificate_is_checked_against_the_name_not_the_address() -> None:
    trusting = ssl.create_default_context(cafile=str(CERTIFICATE))
    async with (
        site(tls=True) as server,
        Fetcher(loopback=True, pause=0.0, resolve=here, verify=trusting) as fetcher,
    ):
        url = server.put("/a", "here")
        assert (await fetcher.get(url.replace("127.0.0.1", "wire.example"))).data == b"here"
        with pytest.raises(
            FetchError, match=r"other\.example has a certificate that cannot be trusted \(Hostname mism"
        ):
            await fetcher.get(url.replace("127.0.0.1", "other.example"))


async def test_a_certificate_nobody_vouches_for_is_said_so() -> None:
    async with site(tls=True) as server, Fetcher(loopback=True, pause=0.0, resolve=here) as fetcher:
        url = server.put("/a", "here").replace("127.0.0.1", "wire.example")
        with pytest.raises(FetchError, match=r"cannot be trusted \(self-signed certificate\)"):
            await fetcher.get(url)
        assert server.asked == []


async def test_a_server_that_falls_silent_is_given_up(server: Site) -> None:
    async with Fetcher(loopback=True, pause=0.0, seconds=0.3) as hurried:
        with pytest.raises(FetchError, match="did not answer in full within"):
            await hurried.get(server.drip("/silent", every=60.0))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (httpcore.ConnectTimeout(), "does not answer"),
        (httpcore.ReadTimeout(), "stopped answering"),
        (httpcore.ReadError(), "broke off while answering"),
    ],
)
async def test_what_happens_on_the_way_is_said_in_words(error: Exception, said: str) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise error

    async with Fetcher(pause=0.0, resolve=resolve) as fetcher:
        with pytest.raises(FetchError, match=rf"slow\.example {said}"):
            await fetcher.get("https://slow.example/")
