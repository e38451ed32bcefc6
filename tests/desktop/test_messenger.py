from __future__ import annotations

import contextlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from xieka.desktop.messenger import Listener, Message, ask

KEY = b"k" * 32


@pytest.fixture
def heard() -> list[Message]:
    return []


@pytest.fixture
def listener(heard: list[Message]) -> Iterator[Listener]:
    def answer(message: Message) -> Message:
        heard.append(message)
        return {"state": "shown"}

    one = Listener(KEY, answer)
    yield one
    one.close()


def test_a_message_with_the_key_is_answered(listener: Listener, heard: list[Message]) -> None:
    assert ask(listener.port, KEY, {"do": "show", "arguments": ["--中文"]}, 2) == {"state": "shown"}
    assert heard == [{"do": "show", "arguments": ["--中文"]}]


def test_a_message_without_the_key_triggers_and_learns_nothing(listener: Listener, heard: list[Message]) -> None:
    assert ask(listener.port, b"x" * 32, {"do": "show"}, 2) is None
    assert heard == []


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"null\n",
        b"[]\n",
        b'["a","b"]\n',
        b'["a",{"do":"show"},"p"]\n',
        b'["a","{}",null]\n',
        '["a","{}","证"]\n'.encode(),
        b"\xff\xfe\n",
        b"x" * 200_000 + b"\n",
    ],
    ids=range(9),
)
def test_nonsense_is_survived(line: bytes, listener: Listener, heard: list[Message]) -> None:
    with socket.create_connection(("127.0.0.1", listener.port)) as stranger:
        stranger.recv(100)
        stranger.settimeout(2)
        # Hanging up while we still speak is an answer, too.
        with contextlib.suppress(ConnectionError, BrokenPipeError):
            stranger.sendall(line)
            assert stranger.recv(100) == b""
    assert heard == []
    assert ask(listener.port, KEY, {"do": "show"}, 2) == {"state": "shown"}


def test_a_recorded_message_cannot_be_replayed(listener: Listener, heard: list[Message]) -> None:
    def proof(*parts: str) -> str:
        return hmac.digest(KEY, json.dumps(parts).encode(), "sha256").hex()

    with socket.create_connection(("127.0.0.1", listener.port)) as caller:
        theirs = caller.recv(100).decode().strip()
        recorded = json.dumps(["n", "{}", proof("call", theirs, "n", "{}")]).encode() + b"\n"
        caller.sendall(recorded)
        assert b"shown" in caller.recv(500)
    with socket.create_connection(("127.0.0.1", listener.port)) as caller:
        caller.recv(100)
        caller.sendall(recorded)
        assert caller.recv(500) == b""
    assert heard == [{}]


def test_a_caller_that_says_nothing_holds_up_nobody(listener: Listener) -> None:
    silent = [socket.create_connection(("127.0.0.1", listener.port)) for _ in range(8)]
    begin = time.monotonic()
    assert ask(listener.port, KEY, {"do": "show"}, 2) == {"state": "shown"}
    assert time.monotonic() - begin < 1
    for one in silent:
        one.close()


def test_an_impostor_on_the_port_is_not_believed() -> None:
    def pretend(server: socket.socket) -> None:
        caller, _ = server.accept()
        with caller:
            caller.sendall(b"nonce\n")
            caller.recv(1000)
            caller.sendall(json.dumps(['{"state": "shown"}', "0" * 64]).encode() + b"\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=pretend, args=(server,))
        thread.start()
        assert ask(server.getsockname()[1], KEY, {"do": "show"}, 2) is None
        thread.join()


def test_nobody_on_the_port_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        begin = time.monotonic()
        # Accepted by the kernel, answered by nobody: a stopped process.
        assert ask(port, KEY, {"do": "show"}, 0.3) is None
        assert time.monotonic() - begin < 1
    assert ask(port, KEY, {"do": "show"}, 0.3) is None
