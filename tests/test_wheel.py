"""The wheel holds everything that the program reads when it runs, and runs from there."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.support.command import ROOT, environment, seeds_file
from tests.support.web import linked_site, serving

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = ("crawler", "pipelines", "db", "seeds", "demo")
BUILD_WHEEL = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
BUILD_TREE = "import sys; from setuptools import setup; sys.argv[1:] = ['build', '--build-lib', sys.argv[1]]; setup()"


def tracked() -> list[str]:
    """List the files of the project's packages and seeds that git tracks; its notes are no part of a wheel."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so nothing says which files belong to the project")
    command = ["git", "ls-files", "--", *FOLDERS]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [name for name in names if not name.endswith(".md")]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Build a wheel of the tracked files without network, and unpack it as an installer does.

    setuptools before 70.1 needs the package ``wheel`` for that; where it is not there, the folder that would be packed
    is built, which is the same files.
    """
    if not find_spec("setuptools"):
        pytest.skip("setuptools is not installed, and building without it would ask the network")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("out")
    for name in [*tracked(), "pyproject.toml", "README.md", "LICENSE"]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    packs = find_spec("wheel") or find_spec("setuptools.command.bdist_wheel")
    command = [sys.executable, "-c", BUILD_WHEEL if packs else BUILD_TREE, str(out)]
    done = subprocess.run(command, cwd=source, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    for wheel in out.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(out)
        wheel.unlink()
    return out


def test_every_file_of_the_project_is_in_the_wheel(installed):
    """Code, seeds, the model, templates, static files and settings: all that git tracks, and nothing beside it."""
    packed = {path.relative_to(installed).as_posix() for path in installed.rglob("*") if path.is_file()}
    assert set(tracked()) - packed == set()
    assert {name for name in packed if ".dist-info/" not in name} - set(tracked()) == set()


def test_the_program_runs_from_the_wheel(installed, tmp_path):
    """In an empty folder a crawl finds its seeds, rules and the model of the reader, and what it read is exported."""
    script = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]["clinicwatch"]
    module, _, function = script.partition(":")
    code = f"import {module} as m; assert m.__file__.startswith({str(installed)!r}), m.__file__; m.{function}()"
    arguments = ["--seeds", seeds_file(tmp_path, "http://big.example/"), "-s", "DOWNLOAD_DELAY=0"]
    with serving(linked_site(3)) as web:
        env = environment(web.proxy) | {"PYTHONPATH": str(installed)}
        for command in (["crawl", *arguments], ["export", "out"]):
            run = [sys.executable, "-c", code, *map(str, command), "--db", "c.db"]
            done = subprocess.run(run, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False)
            assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "out" / "pages.csv").read_text(encoding="utf-8-sig").count("http://big.example/") >= 3
