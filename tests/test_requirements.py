"""tests/requirements.toml says which tests show which requirement; this keeps it true."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
LISTED = tomllib.loads((ROOT / "tests/requirements.toml").read_text(encoding="utf-8"))


def collected() -> set[str]:
    """Every test id pytest finds, and each without its parameters."""
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    ids = {line for line in run.stdout.splitlines() if "::" in line}
    assert ids, run.stdout[-2000:] + run.stderr[-2000:]
    return ids | {test.partition("[")[0] for test in ids}


def test_every_listed_test_exists() -> None:
    known = collected()
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
