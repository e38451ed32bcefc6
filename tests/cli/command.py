"""Runs the command `xieka` as people and scripts do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

from tests.conftest import Practice
from tests.forked import forked
from xieka import cli

# What argparse would say by itself.
ENGLISH = re.compile(
    r"usage:|error:|required|invalid|expected|unrecognized|positional|show this|options", re.IGNORECASE
)


def xieka(practice: Practice, *arguments: str, stdin: str | bytes = "", **env: str) -> subprocess.CompletedProcess[str]:
    """One command in the practice environment's home."""
    done = forked(lambda: cli.run(arguments), stdin=_bytes(stdin), environment=_environment(practice, env))
    return subprocess.CompletedProcess(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())


def xieka_alone(
    practice: Practice, *arguments: str, stdin: str | bytes = "", **env: str
) -> subprocess.CompletedProcess[str]:
    """The same as people have it, in a process that has to import what it needs."""
    done = subprocess.run(
        [sys.executable, "-m", "xieka", *arguments],
        input=_bytes(stdin),
        capture_output=True,
        timeout=60,
        check=False,
        env=_environment(practice, env),
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def _bytes(stdin: str | bytes) -> bytes:
    return stdin.encode() if isinstance(stdin, str) else stdin


def _environment(practice: Practice, more: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "XIEKA_HOME": str(practice.folders.config.parent), **more}


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
