"""Log and counts tell what happened, and nothing about whom it happened to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.server import Server, running

CANARY = "secret-code-4711"


@pytest.fixture
def server(sqlite_url: str, tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "data", sqlite_url) as started:
        yield started


def test_a_request_is_one_line_without_anything_personal(server: Server) -> None:
    server.get(f"/registration/{CANARY}?name={CANARY}", headers={"User-Agent": CANARY, "Cookie": CANARY})
    server.get("/v1/auth/session", headers={"Authorization": f"Bearer {CANARY}", "X-Request-Id": CANARY})
    assert server.challenge().status_code == 201
    assert server.end() == 0
    requests = [line for line in server.lines() if line["message"] == "request"]
    assert [(line["method"], line["status"]) for line in requests] == [("GET", 404), ("GET", 401), ("POST", 201)]
    assert requests[1]["route"] == "/v1/auth/session"
    assert set(requests[0]) == {"time", "level", "logger", "message", "id", "method", "route", "status", "ms"}
    written = server.log.read_text(encoding="utf-8")
    assert CANARY not in written
    assert "127.0.0.1" not in written


def test_counts_are_for_this_computer_only(server: Server) -> None:
    server.get("/v1/health/live")
    counts = server.get("/metrics")
    assert 'xieka_requests_total{method="GET",route="/v1/health/live",status="200"} 1.0' in counts.text
    assert "xieka_request_seconds_bucket" in counts.text
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert server.get("/metrics", headers={header: "127.0.0.1"}).status_code == 404


def test_open_counts_are_for_all(sqlite_url: str, tmp_path: Path) -> None:
    with running(tmp_path / "data", sqlite_url, "--open-metrics") as server:
        assert server.get("/metrics", headers={"Via": "proxy"}).status_code == 200
