"""Strangers at the port: a person's page gets its answer, the program keeps its descriptors and its patience."""

from __future__ import annotations

import http.client
import json
import logging
import resource
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from xieka.bridge import connections, models
from xieka.bridge.connections import LIMIT
from xieka.bridge.rpc import Method, Rpc
from xieka.bridge.server import Bridge
from xieka.core.events import EventBus


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    (tmp_path / "index.html").write_text("<!doctype html>", encoding="utf-8")
    server = Bridge(tmp_path, EventBus())
    server.start()
    server.attach(Rpc({"say": Method(models.Nothing, lambda _: None)}))
    yield server
    server.bus.close()
    server.close()


def connect(bridge: Bridge) -> socket.socket:
    return socket.create_connection(("127.0.0.1", bridge._server.server_port), 5)


def head(bridge: Bridge, length: int) -> bytes:
    return (
        f"POST /rpc HTTP/1.1\r\nHost: {bridge.netloc}\r\nAuthorization: Bearer {bridge.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def call(bridge: Bridge, on: http.client.HTTPConnection | None = None) -> dict[str, object]:
    connection = on or http.client.HTTPConnection("127.0.0.1", bridge._server.server_port, timeout=5)
    headers = {"Authorization": f"Bearer {bridge.token}", "Content-Type": "application/json"}
    connection.request("POST", "/rpc", json.dumps({"method": "say", "params": {}, "id": 1}), headers)
    answer: dict[str, object] = json.loads(connection.getresponse().read())
    if on is None:
        connection.close()
    return answer


def hung_up(connection: socket.socket, within: float) -> bool:
    """Whether the server has closed it within that time."""
    connection.settimeout(within)
    try:
        while connection.recv(1000):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_flood_of_half_requests_costs_neither_descriptors_nor_the_page(bridge: Bridge) -> None:
    page = http.client.HTTPConnection("127.0.0.1", bridge._server.server_port, timeout=5)
    assert call(bridge, page) == {"id": 1, "result": None}
    before, threads = descriptors(), threading.active_count()
    strangers = []
    for _ in range(4 * LIMIT):
        strangers.append(connect(bridge))
        strangers[-1].sendall(b"GET / HTTP/1.1\r\n")
    time.sleep(0.3)
    # Our own ends are in this process, too.
    assert descriptors() - before - len(strangers) <= LIMIT
    assert threading.active_count() - threads <= LIMIT
    # The page on its kept connection, the page on a new one.
    assert call(bridge, page) == {"id": 1, "result": None}
    assert call(bridge) == {"id": 1, "result": None}
    for one in strangers:
        one.close()
    page.close()


def test_a_call_under_way_is_never_sent_away(tmp_path: Path) -> None:
    go = threading.Event()
    bridge = Bridge(tmp_path, EventBus())
    bridge.start()
    bridge.attach(Rpc({"say": Method(models.Nothing, lambda _: go.wait(10) and None)}))
    answers: list[dict[str, object]] = []
    callers = [threading.Thread(target=lambda: answers.append(call(bridge))) for _ in range(LIMIT)]
    for caller in callers:
        caller.start()
    time.sleep(1)
    with connect(bridge) as newcomer:
        assert hung_up(newcomer, 2)
    go.set()
    for caller in callers:
        caller.join()
    assert answers == [{"id": 1, "result": None}] * LIMIT
    bridge.close()


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: ", id="half a head"),
        pytest.param(None, id="a right head and half a body"),
    ],
)
def test_who_drips_is_hung_up_on(bridge: Bridge, said: bytes | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SPEAKING_SECONDS", 0.6)
    over = threading.Event()
    with connect(bridge) as stranger:

        def drip() -> None:
            while not over.wait(0.05):
                try:
                    stranger.sendall(b"x")
                except OSError:
                    return

        stranger.sendall(head(bridge, 10_000) if said is None else said)
        if said != b"":
            threading.Thread(target=drip, daemon=True).start()
        begin = time.monotonic()
        assert hung_up(stranger, 3)
        assert time.monotonic() - begin < 2
        over.set()


def test_a_kept_connection_may_rest_and_a_stream_may_be_silent(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SPEAKING_SECONDS", 0.3)
    page = http.client.HTTPConnection("127.0.0.1", bridge._server.server_port, timeout=5)
    call(bridge, page)
    stream = connect(bridge)
    stream.sendall(
        f"GET /events HTTP/1.1\r\nHost: {bridge.netloc}\r\nAuthorization: Bearer {bridge.token}\r\n"
        "Last-Event-ID: 0\r\n\r\n".encode()
    )
    time.sleep(1.5)
    assert call(bridge, page) == {"id": 1, "result": None}
    bridge.bus.publish("network")
    received = b""
    while b"network" not in received:
        received += stream.recv(4096)
    stream.close()
    page.close()


def test_short_of_descriptors_it_waits_without_spinning(bridge: Bridge) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.socket() as caller:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            caller.connect(("127.0.0.1", bridge._server.server_port))
            begin = time.process_time()
            time.sleep(1)
            assert time.process_time() - begin < 0.2
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        caller.settimeout(5)
        body = b'{"method": "say", "params": {}, "id": 1}'
        caller.sendall(head(bridge, len(body)) + body)
        assert caller.recv(1000).startswith(b"HTTP/1.1 200")


def test_a_fault_of_ours_is_one_line_in_the_log_and_nothing_on_the_terminal(
    bridge: Bridge, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    bridge.files = None  # type: ignore[assignment]
    with connect(bridge) as one:
        one.sendall(f"GET / HTTP/1.1\r\nHost: {bridge.netloc}\r\n\r\n".encode())
        assert hung_up(one, 2)
    # A page that goes away in the middle is no fault.
    with connect(bridge) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        one.sendall(f"GET /x HTTP/1.1\r\nHost: {bridge.netloc}".encode())
    time.sleep(0.2)
    assert capfd.readouterr().err == ""
    (record,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert "answering a request failed, ref" in record.getMessage()
    assert "AttributeError at" in record.getMessage()
