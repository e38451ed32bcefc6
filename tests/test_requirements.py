"""tests/requirements.toml says which tests show which requirement; this keeps it true."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import COLLECTED

ROOT = Path(__file__).parents[1]
LISTED = tomllib.loads((ROOT / "tests/requirements.toml").read_text(encoding="utf-8"))


def collected(found: frozenset[str]) -> set[str]:
    """Every test id, and each without its parameters. `found`: those of this run, which may be of a few files only."""
    files = {name.partition("::")[0] for name in found}
    listed = {name.partition("::")[0] for entry in LISTED.values() for name in entry["tests"]}
    others = [file for file in listed - files if file.endswith(".py") and (ROOT / file).is_file()]
    ids = set(found) | (_collect(others) if others else set())
    return ids | {test.partition("[")[0] for test in ids}


def _collect(files: list[str]) -> set[str]:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-o", "addopts=", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    ids = {line for line in run.stdout.splitlines() if "::" in line}
    assert ids, run.stdout[-2000:] + run.stderr[-2000:]
    return ids


def test_every_listed_test_exists(pytestconfig: pytest.Config) -> None:
    known = collected(pytestconfig.stash[COLLECTED])
    missing = {
        name: [test for test in entry["tests"] if test not in known and not _node_test(test)]
        for name, entry in LISTED.items()
    }
    assert {name: tests for name, tests in missing.items() if tests} == {}


def test_every_entry_names_a_requirement_and_at_least_one_test() -> None:
    for name, entry in LISTED.items():
        assert re.fullmatch(r"REQ-\d{3}", name), name
        assert entry["tests"], name
        assert set(entry) <= {"tests", "note"}, name


def _node_test(name: str) -> bool:
    """A frontend unit test, written `tests/frontend/file.test.mjs::title`."""
    file, _, title = name.partition("::")
    path = ROOT / file
    return file.endswith(".test.mjs") and path.is_file() and title in path.read_text(encoding="utf-8")
