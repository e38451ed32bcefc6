"""Runs the command `xieka` as people and scripts do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

from tests.conftest import Practice

# What argparse would say by itself.
ENGLISH = re.compile(
    r"usage:|error:|required|invalid|expected|unrecognized|positional|show this|options", re.IGNORECASE
)


def xieka(practice: Practice, *arguments: str, stdin: str | bytes = "", **env: str) -> subprocess.CompletedProcess[str]:
    """One command in the practice environment's home."""
    done = subprocess.run(
        [sys.executable, "-m", "xieka", *arguments],
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "XIEKA_HOME": str(practice.folders.config.parent), **env},
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def answer(run: subprocess.CompletedProcess[str]) -> Any:
    """The JSON of a command that succeeded."""
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def error(run: subprocess.CompletedProcess[str], exit_code: int = 1) -> str:
    """The code of a command that failed with `--json`: four parts there and the same sentences for people."""
    assert run.returncode == exit_code, run.stderr
    body = json.loads(run.stdout)["error"]
    assert set(body) == {"code", "what", "kept", "do"}
    assert run.stderr == f"{body['what']}（{body['code']}）\n{body['kept']}\n{body['do']}\n"
    assert not ENGLISH.search(run.stderr)
    return str(body["code"])
