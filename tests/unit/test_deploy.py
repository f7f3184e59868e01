"""What lies in deploy/: every file is read by what will read it, or by rules it must keep; every name in it exists."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from bot.app.serving import MOST_SECONDS_TO_STOP
from bot.chat.telegram_listening import WEBHOOK_PATH
from bot.cli import cli
from bot.config import DEFAULTS, load
from bot.hooks import MOST_BYTES

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
COMPOSED = ["compose.yaml", "compose.many.yaml"]
OTHERS = frozenset({"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "OMP_NUM_THREADS", "MPLCONFIGDIR"})
"""Settings of Python and of libraries."""


def composed(name: str) -> dict[str, Any]:
    return dict(yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8")))


def accepted(arguments: list[str]) -> None:
    """Raises where `onrecord` has no such command, or it takes no such arguments."""
    command = cli.commands[arguments[0]]
    command.make_context(arguments[0], list(arguments[1:]), resilient_parsing=False).close()


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined."""
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#")).replace("\\\n", " ").splitlines()
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines if line.strip())]


def test_the_image_copies_only_what_exists_and_what_its_context_lets_in() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    copied = [rest.split()[:-1] for name, rest in instructions() if name == "COPY" and not rest.startswith("--from")]
    sources = {source for each in copied for source in each}
    assert sources == let_in
    assert all((ROOT / source).exists() for source in sources)


def test_everything_that_the_build_of_a_wheel_needs_is_let_in() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    named = re.findall(
        r'^readme = "(.*)"|^license-files = \["(.*)"\]|^"(.*)" = "bot/_templates"', project, re.MULTILINE
    )
    needed = {"bot", "digests", *("".join(each) for each in named)}
    assert len(needed) == 5
    assert needed <= {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()}


def test_the_image_runs_as_nobody_in_particular_and_hears_signals() -> None:
    given = instructions()
    last = given[max(index for index, (name, _) in enumerate(given) if name == "FROM") :]
    told = dict(last)
    assert told["USER"] == "10001:10001"
    assert told["STOPSIGNAL"] == "SIGTERM"
    assert told["VOLUME"] == '["/data"]'
    assert yaml.safe_load(told["ENTRYPOINT"]) == ["tini", "--", "onrecord"]
    accepted(yaml.safe_load(told["CMD"]))
    assert told["HEALTHCHECK"].endswith('CMD ["python", "/opt/onrecord/healthcheck.py"]')
    names = re.findall(r"([A-Z_]+)=", told["ENV"])
    assert set(names) <= {*DEFAULTS, *OTHERS}
    assert not any("TOKEN" in name or "SECRET" in name for name in names)


def test_the_image_is_made_of_what_the_lock_says_and_no_tools() -> None:
    runs = " ".join(rest for name, rest in instructions() if name == "RUN")
    assert runs.count("uv sync --locked --no-default-groups") == 2
    groups = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert 'default-groups = ["dev", "bench"]' in groups


@pytest.fixture
def neighbour() -> Iterator[HTTPServer]:
    """Answers /healthz as the program does, and anything else with 503."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" and self.server.well else 503)
            self.end_headers()
            self.wfile.write(b"ok\n")

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        server.well = True
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_the_health_check_asks_the_web_side_where_there_is_one(neighbour: HTTPServer) -> None:
    def status(**environ: str) -> int:
        command = [sys.executable, "-S", str(DEPLOY / "healthcheck.py")]
        return subprocess.run(command, env=environ, capture_output=True, timeout=30).returncode

    port = {"WEB_PORT": str(neighbour.server_address[1])}
    assert status() == 0
    assert status(WEB_URL="https://news.example", **port, http_proxy="http://127.0.0.1:9") == 0
    neighbour.well = False
    assert status(WEB_URL="https://news.example", **port) == 1
    assert status(WEB_URL="https://news.example", WEB_PORT="9") == 1


SERVICE_KEYS = {
    *("image", "build", "command", "env_file", "environment", "volumes", "ports", "read_only", "tmpfs", "cap_drop"),
    *("security_opt", "restart", "stop_grace_period", "logging", "depends_on", "networks", "deploy", "healthcheck"),
    "shm_size",
}


@pytest.mark.parametrize("name", COMPOSED)
def test_compose_files_keep_the_specification(name: str) -> None:
    """https://github.com/compose-spec/compose-spec/blob/main/spec.md"""
    given = composed(name)
    assert {key for key in given if not key.startswith("x-")} <= {"name", "services", "networks", "volumes"}
    volumes, networks = given.get("volumes", {}), given.get("networks", {})
    for service in given["services"].values():
        assert service.keys() <= SERVICE_KEYS
        assert service["restart"] == "always"
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in volumes or source in ("./nginx/onrecord.conf", "./certs")
        used = service.get("networks", {})
        assert used.keys() <= networks.keys()
        needed = service.get("depends_on", {})
        assert set(needed) <= given["services"].keys()
        if "build" in service:
            assert (DEPLOY / service["build"]["context"]).resolve() == ROOT
            assert (ROOT / service["build"]["dockerfile"]).is_file()
            accepted(service["command"])
            assert set(service["environment"]) <= set(DEFAULTS)
            assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
            grace = int(service["stop_grace_period"].removesuffix("s"))
            slowest = int(DEFAULTS["WORKER_GRACE"]) if service["command"] == ["worker"] else MOST_SECONDS_TO_STOP
            assert grace > slowest


@pytest.mark.parametrize("name", COMPOSED)
def test_the_settings_of_the_compose_files_are_good_ones(name: str) -> None:
    filled = {"POSTGRES_PASSWORD": "hunter22"}
    for service in composed(name)["services"].values():
        if "build" in service:
            given = {
                key: re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: filled[found[1]], value)
                for key, value in service["environment"].items()
            }
            assert "$" not in "".join(given.values())
            settings = load({**given, "WEB_URL": "https://news.example", "WEB_SECRET": "x" * 32}, env_file=None)
            assert (settings.web_host, settings.log_format) == ("0.0.0.0", "json")


def test_many_machines_wait_for_a_healthy_database_and_nginx_leads_to_every_replica() -> None:
    services = composed("compose.many.yaml")["services"]
    assert "pg_isready" in services["postgres"]["healthcheck"]["test"]
    ours = [service for service in services.values() if "build" in service]
    assert all(service["depends_on"]["postgres"]["condition"] == "service_healthy" for service in ours)
    replicas = [service for service in ours if service["command"] == ["serve"]]
    addresses = {service["networks"]["onrecord"]["ipv4_address"] for service in replicas}
    conf = (DEPLOY / "nginx" / "onrecord.conf").read_text(encoding="utf-8")
    assert set(re.findall(r"^    server ([\d.]+):8080 ", conf, re.MULTILINE)) == addresses
    assert len(addresses) == 2
    assert not any("ports" in service for service in replicas), "only nginx is reached from outside"


def test_no_file_with_secrets_that_the_compose_files_name_can_be_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".env", "deploy/many.env", "deploy/postgres.env", "deploy/certs/"} <= set(ignored)


def unit(path: Path) -> Mapping[str, list[tuple[str, str]]]:
    """A unit's sections; keys may stand there twice."""
    found: dict[str, list[tuple[str, str]]] = {}
    section: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            section = found.setdefault(header[1], [])
        elif line and not line.startswith("#"):
            key, equals, value = line.partition("=")
            assert equals, line
            section.append((key, value))
    return found


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_units_run_commands_that_exist_with_settings_that_exist_and_little_power(path: Path) -> None:
    service = unit(path)["Service"]
    told = dict(service)
    own, program, command = told["ExecStart"].partition("/opt/onrecord/bin/onrecord ")
    assert program
    accepted(shlex.split(command))
    given = [value for key, value in service if key == "Environment"] + [own.removeprefix("/usr/bin/env ")]
    environment = [pair.split("=", 1) for value in given for pair in shlex.split(value)]
    assert {name for name, _ in environment} <= {*DEFAULTS, *OTHERS}
    load({name: value.replace("%i", "8081") for name, value in environment if name in DEFAULTS}, env_file=None)
    hardened = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "CapabilityBoundingSet": ""}
    assert hardened.items() <= told.items()
    if told.get("Type") == "oneshot":
        return
    assert (told["Restart"], told["Type"]) == ("always", "exec")
    slowest = int(DEFAULTS["WORKER_GRACE"]) if "worker" in path.name else MOST_SECONDS_TO_STOP
    assert int(told["TimeoutStopSec"]) > slowest
    many = "@" in path.name
    assert (told.get("DynamicUser") == "yes", "StateDirectory" in told) == (many, not many)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not here (Debian: systemd)")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text(encoding="utf-8").replace("/opt/onrecord/bin/onrecord", sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    files = [str(tmp_path / path.name) for path in UNITS]
    quiet = {"PATH": os.environ["PATH"], "SYSTEMD_LOG_LEVEL": "warning"}
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True, env=quiet, timeout=60
    )
    assert [line for line in verified.stderr.splitlines() if "onrecord" in line] == []
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=20", str(tmp_path / "onrecord.service")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert rated.returncode == 0, rated.stdout[-300:]


def test_nginx_leads_webhooks_and_pages_on_and_keeps_keys_out_of_its_log() -> None:
    conf = (DEPLOY / "nginx" / "onrecord.conf").read_text(encoding="utf-8")
    assert f"location = {WEBHOOK_PATH} {{" in conf
    assert "location = /slack/events {" in conf
    assert "client_max_body_size 1m;" in conf
    assert MOST_BYTES <= 1_048_576
    assert "location = /metrics { return 404; }" in conf
    logged = next(line for line in conf.splitlines() if line.startswith("log_format"))
    assert not re.search(r"\$(request|request_uri|uri|args|http_referer)\b", logged.partition("'")[2])
    assert "proxy_set_header X-Request-ID $onrecord_request;" in conf


def test_the_two_slack_manifests_differ_only_in_how_slack_reaches_the_bot() -> None:
    socket, http = composed("slack-manifest.yaml"), composed("slack-manifest-http.yaml")
    address = "https://YOUR-HOST/slack/events"
    assert http["features"]["slash_commands"][0].pop("url") == address
    assert http["settings"]["event_subscriptions"].pop("request_url") == address
    assert http["settings"]["interactivity"].pop("request_url") == address
    assert (socket["settings"].pop("socket_mode_enabled"), http["settings"].pop("socket_mode_enabled")) == (True, False)
    assert socket == http
    assert set(socket["settings"]["event_subscriptions"]["bot_events"]) == {
        "app_home_opened",
        "app_mention",
        "message.im",
    }
    assert len(socket["display_information"]["description"]) <= 140
