"""The online service on this machine: start-up, signing in and content at 200 clients, on SQLite and PostgreSQL.

The load generator, the service and the database share the machine's cores. Target: ready within 1.5 s.
"""

from __future__ import annotations

import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import xieka_service
from tests.bench import load
from tests.bench.stage import Targets
from tests.service import postgres
from tests.service.auth import pki
from tests.service.auth.stage import header, jws
from tests.service.server import Server, running
from tests.service.test_crash import generous

CLIENTS = 200
SECONDS = 8.0
STARTS = 5
AUDIENCE = "https://service.example"


@contextlib.contextmanager
def house(database_url: str, processes: int, trust: pki.Made) -> Iterator[tuple[Path, list[Server]]]:
    """Processes on one database and one folder that trusts `trust`."""
    with tempfile.TemporaryDirectory(prefix="xieka-bench-") as folder, contextlib.ExitStack() as stack:
        data = Path(folder)
        (data / "trust").mkdir()
        (data / "trust/root.cer").write_bytes(trust.der)
        options = ("--public-url", AUDIENCE)
        started = [
            stack.enter_context(running(data, database_url, *options, before=generous)) for _ in range(processes)
        ]
        yield data, started


def start_up(targets: Targets) -> None:
    """From nothing to the line that says where the service is: an empty folder, then one that is in use."""
    for kind in ("first start", "start"):
        times = []
        with tempfile.TemporaryDirectory(prefix="xieka-bench-") as folder:
            for number in range(STARTS):
                data = Path(folder) / (str(number) if kind == "first start" else "0")
                began = time.perf_counter()
                with running(data, ""):
                    times.append(time.perf_counter() - began)
        targets.hold(f"{kind}, median of {STARTS}", statistics.median(times), 1.5, "s")


def signing_in(name: str, database_url: str, processes: int) -> None:
    """Challenge and session, over and over; every answer is signed by the client's own certificate."""
    now = datetime.now(UTC)
    root = pki.self_signed(pki.authority("示例根 CA", 1, rsa=True))
    holders = [
        root.issue(pki.holder(f"公司 {number}", begins=now - pki.DAY, ends=now + pki.DAY)) for number in range(CLIENTS)
    ]

    async def work(connection: load.Connection, number: int) -> None:
        holder = holders[number]
        answer = await connection.send("challenge", "POST", "/v1/auth/challenges", {"purpose": "session"}, expected=201)
        if answer is None:
            return
        claims = {"nonce": json.loads(answer)["nonce"], "aud": AUDIENCE, "purpose": "session"}
        assertion = jws(holder.key, header(holder), claims)
        await connection.send("session", "POST", "/v1/auth/sessions", {"assertion": assertion}, expected=201)

    with house(database_url, processes, root) as (_, servers):
        ports = [server.port for server in servers]
        figures, took = load.run(ports, CLIENTS, SECONDS, ["challenge", "session"], work)
    sessions = len(figures["session"].times) - figures["session"].bad
    print(f"{name}, {processes} process(es), {CLIENTS} clients: {sessions / took:.0f} sign-ins/s")
    for kind, figure in figures.items():
        print(f"  {kind}: {figure}")


def content() -> None:
    """The demonstration content, as a client fetches it: the short-lived metadata and the largest target."""
    from xieka_service.content.publish import publish

    seed = Path(xieka_service.__file__).parent / "content/seed"
    with house("", 1, pki.self_signed(pki.authority("示例根 CA", 1))) as (data, servers):
        publish(seed, data, now=datetime.now(UTC))
        targets = data / "content/targets"
        largest = max((file for file in targets.iterdir() if file.is_file()), key=lambda file: file.stat().st_size)

        async def work(connection: load.Connection, _number: int) -> None:
            await connection.send("timestamp", "GET", "/content/metadata/timestamp.json")
            await connection.send("target", "GET", f"/content/targets/{largest.name}")

        figures, took = load.run([servers[0].port], CLIENTS, SECONDS, ["timestamp", "target"], work)
        size = largest.stat().st_size
    requests = sum(len(figure.times) for figure in figures.values())
    print(f"content, 1 process, {CLIENTS} clients: {requests / took:.0f} requests/s (target of {size / 1000:.0f} kB)")
    for kind, figure in figures.items():
        print(f"  {kind}: {figure}")


def main() -> int:
    """All measurements, one after the other. 1 when a target was missed."""
    targets = Targets()
    start_up(targets)
    signing_in("SQLite", "", 1)
    try:
        with postgres.running() as server:
            for processes in (1, 2):
                signing_in("PostgreSQL", server.create(f"bench_{processes}"), processes)
    except postgres.PostgresMissingError as missing:
        print(f"PostgreSQL: not measured, {missing}")
    content()
    return targets.missed


if __name__ == "__main__":
    sys.exit(main())
