"""What is installed is whole: templates and demo archive are found in a wheel, and the same ones in a checkout."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BUILD = """
import sys
import tomllib
from hatchling.builders.wheel import WheelBuilder
print(*WheelBuilder(sys.argv[1]).build(directory=sys.argv[2], versions=["standard"]))
"""
LOOK = """
import bot
from bot.render import Renderer, templates_dir
from bot.model import Reply
from digests.archive import demo_paths
print(bot.__file__)
print(templates_dir())
print(len(list(templates_dir().glob("*.j2"))), len(demo_paths()))
print(Renderer().render(Reply(template="error", data={"text": "said"}), "plain")[0].text)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(ROOT), str(folder)], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return Path(done.stdout.strip())


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files as an installer lays them out; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def looked_up(place: Path, elsewhere: Path) -> list[str]:
    """What a fresh interpreter finds when ``place`` comes first; run from a folder that is no checkout."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        check=True,
        capture_output=True,
        text=True,
        cwd=elsewhere,
        env={**os.environ, "PYTHONPATH": str(place)},
    )
    return done.stdout.splitlines()


def test_templates_and_archive_are_found_in_a_wheel_and_in_a_checkout(installed: Path, tmp_path: Path) -> None:
    module, templates, counts, shown = looked_up(installed, tmp_path)
    assert Path(module) == installed / "bot" / "__init__.py"
    assert Path(templates).is_relative_to(installed)
    assert shown == "said"
    own_module, own_templates, own_counts, own_shown = looked_up(ROOT, tmp_path)
    assert Path(own_module) == ROOT / "bot" / "__init__.py"
    assert Path(own_templates) == ROOT / "templates"
    assert (counts, shown) == (own_counts, own_shown)


def test_the_wheel_brings_its_licence_command_and_nothing_of_the_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        entry = next(name for name in names if name.endswith("entry_points.txt"))
        assert "onrecord = bot.cli:main" in archive.read(entry).decode()
    assert any(name.endswith("licenses/LICENSE") for name in names)
    tops = {name.split("/")[0] for name in names if ".dist-info" not in name}
    assert tops == {"bot", "digests"}


def test_what_the_readers_learnt_is_in_the_wheel(wheel: Path) -> None:
    ours = {
        str(path.relative_to(ROOT))
        for wing in ("bot", "digests")
        for path in (ROOT / wing).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    ours |= {f"bot/_templates/web/{path.name}" for path in (ROOT / "templates" / "web").iterdir()}
    with zipfile.ZipFile(wheel) as archive:
        assert ours - set(archive.namelist()) == set()


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_the_installed_command_starts(installed: Path, tmp_path: Path, arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        check=True,
    )
    assert "onrecord" in done.stdout


def test_machines_without_uv_install_the_same_versions() -> None:
    """requirements.lock is uv.lock in pip's form (``make lock``): what a package needs is in both, in one version."""
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE))
    locked = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    versions = {package["name"]: package.get("version") for package in locked}
    assert {name: versions.get(name) for name in pinned} == pinned
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    needed = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {re.split(r"[<>=!~ \[;]", need)[0].lower() for need in needed if isinstance(need, str)}
    assert names - set(pinned) == set()
