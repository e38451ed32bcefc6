"""Connections that only hold a place, and the end of a process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Response

from tests.service.server import Server, running
from xieka_service import opening, serving
from xieka_service.config import Config
from xieka_service.context import Context
from xieka_service.http import limits, protocol

HEAD = b"POST /v1/auth/challenges HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def quick(slow: float = 1.5) -> None:
    """Short patience, and pages that take long and are large."""
    protocol.HEAD_SECONDS = limits.BODY_SECONDS = protocol.READER_SECONDS = 1.0
    build = serving.build

    def with_more(config: Config, parts: Context) -> FastAPI:
        app = build(config, parts)
        app.get("/slow")(lambda: time.sleep(slow))
        app.get("/large")(lambda: Response(b"x" * 50_000_000))
        return app

    serving.build = with_more


def stuck() -> None:
    quick(60)
    # Eight seconds of grace are one here.
    serving.GRACE_SECONDS = 1


def few() -> None:
    quick()
    given = opening.config
    opening.config = lambda options: replace(given(options), concurrency=4)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    data = tmp_path_factory.mktemp("data")
    with running(data, "", before=quick) as started:
        yield started


def slowly(server: Server, begin: bytes, drop: bytes) -> tuple[float, bytes]:
    """Send `begin`, then `drop` every tenth of a second. Returns the seconds until the service ended it, its answer."""
    began, answer = time.monotonic(), b""
    with server.connect() as connection:
        connection.sendall(begin)
        connection.settimeout(0.1)
        while time.monotonic() - began < 8:
            try:
                if not (piece := connection.recv(4096)):
                    break
                answer += piece
            except TimeoutError:
                connection.sendall(drop)
            except ConnectionError:
                break
    return time.monotonic() - began, answer


@pytest.mark.parametrize(
    ("begin", "drop", "answer"),
    [
        pytest.param(b"", b"", b"", id="says-nothing"),
        pytest.param(b"GET / HTTP/1.1\r\n", b"X", b"", id="head-in-drops"),
        pytest.param(HEAD + b"Content-Length: 20\r\n\r\n", b" ", b"request.too_slow", id="body-in-drops"),
        pytest.param(
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", b"request.too_slow", id="chunks-in-drops"
        ),
    ],
)
def test_a_slow_sender_is_cut_off(server: Server, begin: bytes, drop: bytes, answer: bytes) -> None:
    seconds, received = slowly(server, begin, drop)
    assert 0.8 < seconds < 4
    assert answer in received
    assert server.get("/v1/health/live").status_code == 200


def test_a_slow_head_after_a_request_is_cut_off(server: Server) -> None:
    begin = b"GET /v1/health/live HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n"
    seconds, received = slowly(server, begin, b"X")
    assert b"200 OK" in received
    assert seconds < 4


def test_a_connection_in_use_is_not_cut_off(server: Server) -> None:
    with httpx.Client(base_url=server.url) as client:
        began = time.monotonic()
        while time.monotonic() - began < 1.6:
            assert client.get("/v1/health/live").status_code == 200
            time.sleep(0.4)
        assert client.get("/slow", timeout=10).status_code == 200


def test_answers_on_an_open_connection_do_not_wait_for_the_network(server: Server) -> None:
    """Nagle's algorithm and delayed acknowledgements together would hold every one of them for 40 ms."""
    times = []
    with server.connect() as connection:
        for _ in range(15):
            began = time.monotonic()
            connection.sendall(b"GET /v1/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while b'{"status":"ok"}' not in answer:
                answer += connection.recv(4096)
            times.append(time.monotonic() - began)
    assert min(times[5:]) < 0.03


def test_a_reader_that_takes_nothing_is_cut_off(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(1.8)
        received = 0
        try:
            while piece := connection.recv(1_000_000):
                received += len(piece)
        except ConnectionError:
            pass
    assert received < 50_000_000


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"GARBAGE\r\n\r\n", id="not-http"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 20_000, id="long-head"),
        pytest.param(HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", id="two-lengths"),
        pytest.param(HEAD + b"Content-Length: -1\r\n\r\n", id="negative-length"),
        pytest.param(HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", id="two-encodings"),
    ],
)
def test_what_is_not_http_is_a_problem_too(server: Server, request_bytes: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(request_bytes)
        answer = b""
        while piece := connection.recv(4096):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"request.malformed" in answer


def test_on_sigterm_running_requests_end_and_new_ones_are_refused(tmp_path: Path) -> None:
    statuses: list[int] = []
    with running(tmp_path, "", before=quick) as server:
        _end_in_the_middle(server, statuses)
    assert statuses == [200]


def _end_in_the_middle(server: Server, statuses: list[int]) -> None:
    running_request = threading.Thread(target=lambda: statuses.append(server.get("/slow").status_code))
    running_request.start()
    time.sleep(0.4)
    began = time.monotonic()
    server.process.terminate()
    time.sleep(0.4)
    with pytest.raises(httpx.ConnectError):
        server.get("/v1/health/live")
    assert server.process.wait(10) == 0
    assert time.monotonic() - began < 5
    running_request.join()


def test_the_end_does_not_wait_for_ever(tmp_path: Path) -> None:
    with running(tmp_path, "", before=stuck) as server:
        with server.connect() as connection:
            connection.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(0.4)
            began = time.monotonic()
            assert server.end() == 0
        assert time.monotonic() - began < 3.5


def test_more_requests_than_bearable_are_told_to_come_again(tmp_path: Path) -> None:
    with running(tmp_path, "", before=few) as server:
        threads = [threading.Thread(target=server.get, args=("/slow",)) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.6)
        reply = server.get("/v1/health/live")
        assert (reply.status_code, reply.json()["code"]) == (503, "service.busy")
        assert reply.headers["retry-after"] == "2"
        for thread in threads:
            thread.join()
        assert server.get("/v1/health/live").status_code == 200
