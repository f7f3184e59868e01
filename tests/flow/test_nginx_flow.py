"""deploy/nginx/onrecord.conf in a real nginx, before two replicas that tell what reached them."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from aiohttp import web

ROOT = Path(__file__).resolve().parents[2]
PEM = ROOT / "tests" / "fakes" / "wire_example.pem"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not here (Debian: nginx-light)")


@dataclass
class Replica:
    """Answers ``status`` and keeps what it was asked."""

    port: int = 0
    status: int = 200
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        await request.read()
        self.asked.append((request.path, request.headers["X-Request-ID"]))
        return web.Response(status=self.status, text="x" * 100_000)


@dataclass
class Edge:
    http: httpx.AsyncClient
    replicas: list[Replica]
    folder: Path

    def asked(self) -> list[tuple[str, str]]:
        return [each for replica in self.replicas for each in replica.asked]

    def logged(self) -> str:
        return "".join(path.read_text() for path in self.folder.glob("*.log"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    replicas, runners = [Replica(), Replica()], []
    for replica in replicas:
        app = web.Application(client_max_size=4_000_000)
        app.router.add_route("*", "/{path:.*}", replica.handle)
        runners.append(web.AppRunner(app))
        await runners[-1].setup()
        site = web.TCPSite(runners[-1], "127.0.0.1", 0)
        await site.start()
        replica.port = site._server.sockets[0].getsockname()[1]
    port = free_port()
    conf = (ROOT / "deploy" / "nginx" / "onrecord.conf").read_text()
    for before, after in {
        "10.77.0.11:8080": f"127.0.0.1:{replicas[0].port}",
        "10.77.0.12:8080": f"127.0.0.1:{replicas[1].port}",
        "/etc/nginx/certs/fullchain.pem": str(PEM),
        "/etc/nginx/certs/privkey.pem": str(PEM),
        "/var/log/nginx": str(tmp_path),
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "listen [::]:80;": "",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "listen [::]:443 ssl;": "",
    }.items():
        assert before in conf
        conf = conf.replace(before, after)
    (tmp_path / "site.conf").write_text(conf)
    folders = "".join(f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", "fastcgi"))
    folders += "".join(f"{name}_temp_path {tmp_path}/{name};" for name in ("uwsgi", "scgi"))
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {tmp_path}/pid; error_log {tmp_path}/main.log crit;"
        f" events {{}} http {{ {folders} include {tmp_path}/site.conf; }}"
    )
    assert NGINX is not None
    process = await asyncio.create_subprocess_exec(
        NGINX, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        async with httpx.AsyncClient(base_url=f"https://127.0.0.1:{port}", verify=False, trust_env=False) as http:
            for _ in range(200):
                with suppress(httpx.TransportError):
                    await http.get("/healthz")
                    break
                await asyncio.sleep(0.02)
            for replica in replicas:
                replica.asked.clear()
            yield Edge(http=http, replicas=replicas, folder=tmp_path)
    finally:
        process.terminate()
        await process.wait()
        for runner in runners:
            await runner.cleanup()


async def test_pages_come_through_under_one_id_and_no_key_is_logged(edge: Edge) -> None:
    page = await edge.http.get("/e/12?until=1&sign=SECRET", headers={"X-Request-ID": "mine-1"})
    await edge.http.get("/c/SECRET.ics", headers={"X-Request-ID": "a b"})
    assert (page.status_code, len(page.text)) == (200, 100_000)
    ids = dict(edge.asked())
    assert ids["/e/12"] == "mine-1"
    assert ids["/c/SECRET.ics"].isalnum()
    log = edge.logged()
    assert "SECRET" not in log
    assert " 200 GET /e/ " in log
    assert "mine-1" in log


@pytest.mark.parametrize("path", ["/telegram", "/slack/events"])
async def test_a_webhook_goes_to_the_replica_that_is_ready(edge: Edge, path: str) -> None:
    edge.replicas[0].status = 503
    for _ in range(4):
        assert (await edge.http.post(path, content=b"{}")).status_code == 200
    assert len(edge.replicas[1].asked) == 4


async def test_only_webhooks_take_a_body_and_one_of_a_megabyte_at_most(edge: Edge) -> None:
    sizes = {"/telegram": 900_000, "/slack/events": 900_000}
    assert [(await edge.http.post(path, content=b"x" * size)).status_code for path, size in sizes.items()] == [200] * 2
    assert (await edge.http.post("/telegram", content=b"x" * 1_100_000)).status_code == 413
    assert (await edge.http.post("/e/1", content=b"x" * 2_000)).status_code == 413


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
async def test_what_is_for_machines_inside_is_not_there_from_outside(edge: Edge, path: str) -> None:
    assert (await edge.http.get(path)).status_code == 404
    assert edge.asked() == []


async def test_who_asks_for_page_after_page_is_slowed_down_and_webhooks_are_not(edge: Edge) -> None:
    found = [(await edge.http.get("/e/1")).status_code for _ in range(80)]
    assert 429 in found
    assert {(await edge.http.post("/telegram", content=b"{}")).status_code for _ in range(20)} == {200}
