"""Processes of the service. `running`: copies of the test's own; `run_alone`: as an operator starts it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.forked import Forked, forked
from xieka_service import app as _app  # noqa: F401 - what a copy of this process finds imported
from xieka_service import cli

Before = Callable[[], object]


@dataclass
class Server:
    """A process of the service and what it writes."""

    process: Forked
    url: str
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def get(self, path: str, **options: Any) -> httpx.Response:
        return httpx.get(self.url + path, timeout=10, **options)

    def challenge(self) -> httpx.Response:
        return httpx.post(self.url + "/v1/auth/challenges", json={"purpose": "session"}, timeout=10)

    def connect(self) -> socket.socket:
        """A connection of the test's own, to send what no honest client sends."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def lines(self) -> list[dict[str, Any]]:
        """What it has logged; every line is JSON."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(15)


def _nothing() -> None:
    pass


@contextlib.contextmanager
def running(
    data: Path, database_url: str, *options: str, command: str = "serve", before: Before = _nothing
) -> Iterator[Server]:
    """A process that is ready. `before` is called in it first, to make what takes long take less."""
    data.mkdir(parents=True, exist_ok=True)
    log = data / f"{command}-{time.monotonic_ns()}.log"
    arguments = ["--data", str(data), "--database", database_url, *options]
    if command == "serve" and "--port" not in options:
        arguments += ["--port", "0"]
    reading, writing = os.pipe()
    with os.fdopen(reading, "r", encoding="utf-8") as said:
        with log.open("wb") as errors, os.fdopen(writing, "wb") as out:
            process = Forked(
                lambda: _main(before, [command, *arguments]), stdout=out, stderr=errors, environment=_environment()
            )
        try:
            line = said.readline()
            assert line, log.read_text(encoding="utf-8")
            yield Server(process, json.loads(line).get("listening", ""), log)
        finally:
            process.kill()
            process.wait(10)


def _main(before: Before, arguments: list[str]) -> int:
    before()
    return cli.run(arguments)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself, in a copy of this process: to import the service anew each time costs 1.5 s."""
    done = forked(lambda: cli.run([str(one) for one in arguments]), stdin=b"", environment=_environment())
    return subprocess.CompletedProcess(arguments, done.returncode, done.stdout.decode(), done.stderr.decode())


def run_alone(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The same as operators have it, in a process of its own."""
    command: Sequence[str | Path] = [sys.executable, "-m", "xieka_service", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=_environment())


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
