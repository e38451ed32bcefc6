"""Two services and a worker under load, each killed once (kill -9): nothing answered is lost, nothing is doubled."""

from __future__ import annotations

import contextlib
import hashlib
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from tests.service.auth import pki
from tests.service.auth.pki import Made
from tests.service.auth.stage import header, jws
from tests.service.server import Server, running
from xieka_service import opening
from xieka_service.auth.tables import challenges, sessions
from xieka_service.config import Rate, Rates
from xieka_service.db.engine import Database

AUDIENCE = "https://service.example"
CLIENTS = 12
MUCH = Rate(1_000_000, timedelta(milliseconds=1))


def generous(rate: Rate = MUCH) -> None:
    """The load is no attack here: the limits would only slow it down."""
    given = opening.config
    opening.config = lambda options: replace(given(options), rates=Rates(rate, rate))


@dataclass
class House:
    """Processes on one database and one folder, and the ways to kill and restart them."""

    data: Path
    database_url: str
    stack: contextlib.ExitStack
    processes: dict[str, Server] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    def start(self, name: str) -> None:
        command, options = "worker", []
        if name != "worker":
            command = "serve"
            options = ["--public-url", AUDIENCE, "--port", str(self.ports.get(name, 0))]
        started = running(self.data, self.database_url, *options, command=command, before=generous)
        self.processes[name] = self.stack.enter_context(started)
        if command == "serve":
            self.ports[name] = self.processes[name].port

    def kill(self, name: str) -> None:
        self.processes[name].process.kill()
        self.processes[name].process.wait(10)

    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports.values()]


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with contextlib.ExitStack() as stack:
        built = House(tmp_path / "data", database_url, stack)
        for name in ("first", "second", "worker"):
            built.start(name)
        yield built


@dataclass
class Outcome:
    """What the clients saw."""

    tokens: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    doubled: list[tuple[int, int]] = field(default_factory=list)


def client(house: House, holders: Sequence[Made], until: float, outcome: Outcome, seed: int) -> None:
    """Challenge from one process, an answer to each process at once, over and over.

    The answers are two holders': nothing but the challenge itself can make them wait for one another.
    """
    choose = random.Random(seed)  # noqa: S311 - which process to ask
    pool = ThreadPoolExecutor(2)
    with httpx.Client(timeout=5) as http:

        def post(url: str, path: str, body: dict[str, str]) -> httpx.Response | None:
            try:
                return http.post(url + path, json=body)
            except httpx.HTTPError:
                # Killed under our hands: whether it was done is not known.
                return None

        while time.monotonic() < until:
            urls = house.urls()
            challenge = post(choose.choice(urls), "/v1/auth/challenges", {"purpose": "session"})
            if challenge is None:
                time.sleep(0.02)
                continue
            claims = {"nonce": challenge.json()["nonce"], "aud": AUDIENCE, "purpose": "session"}
            bodies = [{"assertion": jws(holder.key, header(holder), claims)} for holder in holders]
            replies = [*pool.map(lambda url, body: post(url, "/v1/auth/sessions", body), urls, bodies)]
            known = [reply for reply in replies if reply is not None]
            outcome.statuses.update(reply.status_code for reply in known)
            opened = [reply.json()["token"] for reply in known if reply.status_code == 201]
            outcome.tokens.extend(opened)
            if len(opened) > 1 or (len(known) == 2 and not opened):
                outcome.doubled.append((len(known), len(opened)))
    pool.shutdown()


def survive(house: House, seconds: float) -> Outcome:
    """Load for so long; each process is killed once and comes back."""
    root = pki.self_signed(pki.authority("示例根 CA", 1))
    (house.data / "trust").mkdir()
    (house.data / "trust/root.cer").write_bytes(root.der)
    now = pki.datetime.now(pki.UTC)
    outcome = Outcome()
    until = time.monotonic() + seconds
    threads = []
    for number in range(CLIENTS):
        holders = [
            root.issue(pki.holder(f"公司 {number}-{which}", begins=now - pki.DAY, ends=now + pki.DAY))
            for which in "甲乙"
        ]
        threads.append(threading.Thread(target=client, args=(house, holders, until, outcome, number)))
    for thread in threads:
        thread.start()
    for name in ("first", "worker", "second"):
        time.sleep(seconds / 5)
        house.kill(name)
        time.sleep(seconds / 20)
        house.start(name)
    for thread in threads:
        thread.join()
    return outcome


def check(house: House, outcome: Outcome) -> None:
    database = Database(house.database_url)
    with database.read() as connection:
        kept = {row.token_sha256: row.challenge for row in connection.execute(select(sessions))}
        used = set(
            connection.execute(select(challenges.c.nonce_sha256).where(challenges.c.used_at.is_not(None))).scalars()
        )
    database.close()
    answered = {hashlib.sha256(token.encode()).digest() for token in outcome.tokens}
    assert len(answered) == len(outcome.tokens)
    assert answered <= set(kept), "a session that was answered is lost"
    assert max(Counter(kept.values()).values()) == 1, "a challenge gave two sessions"
    assert set(kept.values()) == used, "a challenge is used without its session, or the other way round"
    assert outcome.doubled == [], "one of two answers to a challenge must win, and only one"
    assert set(outcome.statuses) <= {201, 401}
    for server in house.processes.values():
        assert server.process.poll() is None
        assert not [line for line in server.lines() if line["level"] == "error"]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_no_record_is_lost_or_doubled(house: House) -> None:
    outcome = survive(house, 5)
    assert len(outcome.tokens) > 20
    check(house, outcome)


@pytest.mark.long
def test_no_record_is_lost_or_doubled_in_a_longer_time(house: House) -> None:
    outcome = survive(house, 15)
    assert len(outcome.tokens) > 100
    check(house, outcome)


def test_a_limit_holds_across_processes(database_url: str, tmp_path: Path) -> None:
    def little() -> None:
        generous(Rate(20, timedelta(hours=1)))

    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(running(tmp_path / "data", database_url, before=little)) for _ in range(2)]
        with ThreadPoolExecutor(8) as pool:
            replies = [*pool.map(lambda number: servers[number % 2].challenge(), range(50))]
    assert Counter(reply.status_code for reply in replies) == {201: 20, 429: 30}
    refused = next(reply for reply in replies if reply.status_code == 429)
    assert 3000 < int(refused.headers["retry-after"]) <= 3600
    assert refused.json()["code"] == "request.rate"
