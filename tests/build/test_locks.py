from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.build.checkout import ROOT, files

LOCKS = [file for file in files() if file.suffix == ".lock" or file.name == "package-lock.json"]
PYTHON_LOCKS = [file for file in LOCKS if file.suffix == ".lock"]


def pins(lock: str) -> dict[str, str]:
    """Package → version of one Python lock file."""
    text = (ROOT / "build" / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^ \\]+)", text, re.MULTILINE))


def test_the_lock_files_are_found() -> None:
    assert {str(file) for file in LOCKS} >= {
        "build/requirements.lock",
        "build/requirements-test.lock",
        "build/requirements-setup.lock",
        "build/node/package-lock.json",
    }


@pytest.mark.parametrize("lock", LOCKS, ids=str)
def test_a_lock_file_names_no_address(lock: Path) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.findall(r"://|index.url|find.links|.resolved.:|file:|git\+", text) == []


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=str)
def test_every_python_package_has_one_version_and_a_hash(lock: Path) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[A-Za-z0-9._-]+==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


def test_every_npm_package_has_a_hash() -> None:
    packages = json.loads((ROOT / "build/node/package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert len(packages) > 1
    for name, package in packages.items():
        assert not name or package["integrity"].startswith("sha512-"), name


def test_the_tests_lock_holds_the_programs_packages_in_the_same_versions() -> None:
    program, tests = pins("requirements.lock"), pins("requirements-test.lock")
    assert len(program) > 20
    assert program.items() <= tests.items()


def test_the_locks_cover_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    for lock, wanted in (
        ("requirements.lock", project["project"]["dependencies"] + extras["desktop"]),
        ("requirements-test.lock", extras["test"]),
        ("requirements-setup.lock", project["dependency-groups"]["setup"]),
        ("windows/requirements.lock", project["dependency-groups"]["windows"]),
    ):
        names = {re.split(r"[^A-Za-z0-9._-]", line)[0].replace("_", "-").lower() for line in wanted}
        assert names <= pins(lock).keys(), lock
