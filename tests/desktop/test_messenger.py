from __future__ import annotations

import contextlib
import hmac
import os
import resource
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ui.desktop_session import eventually
from xieka.desktop import messenger
from xieka.desktop.meeting import Loopback, Meeting, UnixSocket, meeting
from xieka.desktop.messenger import BusyError, Listener, Message, ask

KEY = b"k" * 32
SHOWN = {"state": "shown"}


@pytest.fixture(params=[UnixSocket, lambda _: Loopback()], ids=["unix", "loopback"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Meeting:
    made: Meeting = request.param(tmp_path)
    return made


@pytest.fixture
def heard() -> list[Message]:
    return []


@pytest.fixture
def listener(place: Meeting, heard: list[Message]) -> Iterator[Listener]:
    def answer(message: Message) -> Message:
        heard.append(message)
        return {"state": "shown"}

    one = Listener(place, KEY, answer)
    yield one
    one.close()


Call = Callable[..., Message | None]


@pytest.fixture
def call(place: Meeting, listener: Listener) -> Call:
    def call(key: bytes = KEY, timeout: float = 2, **message: object) -> Message | None:
        return ask(place, listener.number, key, message, timeout)

    return call


@pytest.fixture
def stranger(place: Meeting, listener: Listener) -> Callable[[], socket.socket]:
    return lambda: place.connect(listener.number, 2)


def proof(*parts: str) -> str:
    return hmac.digest(KEY, "\n".join(parts).encode(), "sha256").hex()


def test_a_message_with_the_key_is_answered(call: Call, heard: list[Message]) -> None:
    assert call(do="show", arguments=["--中文"]) == SHOWN
    assert heard == [{"do": "show", "arguments": ["--中文"]}]


def test_a_message_without_the_key_triggers_and_learns_nothing(call: Call, heard: list[Message]) -> None:
    assert call(b"x" * 32, do="show") is None
    assert heard == []


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"\n", id="nothing"),
        pytest.param(b"a b\n", id="two parts"),
        pytest.param(b"a b {}\n", id="wrong proof"),
        pytest.param("a 证 {}\n".encode(), id="proof that is not ASCII"),
        pytest.param(b"a b " + b"[" * 60_000 + b"\n", id="deep JSON"),
        pytest.param(b"\xff\xfe\n", id="not UTF-8"),
        pytest.param(b"x" * 200_000 + b"\n", id="endless"),
    ],
)
def test_nonsense_is_survived(
    line: bytes, stranger: Callable[[], socket.socket], call: Call, heard: list[Message]
) -> None:
    with stranger() as one:
        one.recv(100)
        # Hanging up while we still speak is an answer, too.
        with contextlib.suppress(ConnectionError):
            one.sendall(line)
            assert one.recv(100) == b""
    assert heard == []
    assert call(do="show") == SHOWN


def test_deep_json_even_with_the_key_costs_one_caller(
    stranger: Callable[[], socket.socket], call: Call, caplog: pytest.LogCaptureFixture
) -> None:
    body = "[" * 60_000
    with stranger() as one:
        theirs = one.recv(100).decode().strip()
        one.sendall(f"n {proof('call', theirs, 'n', body)} {body}\n".encode())
        assert one.recv(100) == b""
    assert call(do="show") == SHOWN
    # Its thread ended with a line in the log, not with a traceback on the terminal.
    eventually(lambda: "RecursionError at" in caplog.text)


def test_a_recorded_message_cannot_be_replayed(stranger: Callable[[], socket.socket], heard: list[Message]) -> None:
    with stranger() as caller:
        theirs = caller.recv(100).decode().strip()
        recorded = f"n {proof('call', theirs, 'n', '{}')} {{}}\n".encode()
        caller.sendall(recorded)
        assert b"shown" in caller.recv(500)
    with stranger() as caller:
        caller.recv(100)
        caller.sendall(recorded)
        assert caller.recv(500) == b""
    assert heard == [{}]


def test_a_caller_that_says_nothing_holds_up_nobody(stranger: Callable[[], socket.socket], call: Call) -> None:
    silent = [stranger() for _ in range(8)]
    begin = time.monotonic()
    assert call(do="show") == SHOWN
    assert time.monotonic() - begin < 1
    for one in silent:
        one.close()


def test_a_drip_does_not_keep_a_caller_in(
    stranger: Callable[[], socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messenger, "PATIENCE", 0.5)
    begin = time.monotonic()
    with stranger() as one, contextlib.suppress(ConnectionError):
        one.recv(100)
        while time.monotonic() - begin < 3:
            one.sendall(b"x")
            time.sleep(0.05)
    assert time.monotonic() - begin < 1.5


def test_more_callers_than_it_serves_are_told_from_silence(
    stranger: Callable[[], socket.socket], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messenger, "PATIENCE", 1.0)
    silent = [stranger() for _ in range(messenger.CALLERS)]
    for one in silent:
        assert len(one.recv(100)) == 65
    with pytest.raises(BusyError):
        call(do="show")
    time.sleep(1.1)
    assert call(do="show") == SHOWN
    for one in silent:
        one.close()


def test_a_program_short_of_descriptors_listens_on() -> None:
    listener = Listener(Loopback(), KEY, lambda _: {"state": "shown"})
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.socket() as caller:
        # From here on accept(2) fails: every descriptor above the limit stays, none can be added.
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            caller.connect(("127.0.0.1", listener.number))
            time.sleep(0.3)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert len(caller.recv(100)) == 65
    listener.close()


def test_an_impostor_is_not_believed(place: Meeting) -> None:
    server, number = place.listen()

    def pretend() -> None:
        caller, _ = server.accept()
        with caller:
            caller.sendall(b"nonce\n")
            caller.recv(1000)
            caller.sendall(b"0" * 64 + b' {"state": "shown"}\n')

    with server:
        thread = threading.Thread(target=pretend)
        thread.start()
        assert ask(place, number, KEY, {"do": "show"}, 2) is None
        thread.join()


def test_nobody_there_is_no_answer(place: Meeting) -> None:
    server, number = place.listen()
    with server:
        begin = time.monotonic()
        # Accepted by the kernel, answered by nobody: a stopped process.
        assert ask(place, number, KEY, {"do": "show"}, 0.3) is None
        assert time.monotonic() - begin < 1
    assert ask(place, number, KEY, {"do": "show"}, 0.3) is None


def test_the_socket_is_the_users_alone_however_deep_its_folder_is(tmp_path: Path) -> None:
    folder = tmp_path / ("深" * 40) / ("d" * 200)
    folder.mkdir(parents=True)
    assert len(os.fsencode(folder)) > 300
    place = meeting(folder)
    # What a killed program left behind.
    left, _ = place.listen()
    left.close()
    before = os.umask(0)
    try:
        listener = Listener(place, KEY, lambda _: {"state": "shown"})
    finally:
        os.umask(before)
    (file,) = folder.iterdir()
    assert stat.S_ISSOCK(file.stat().st_mode)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert ask(place, listener.number, KEY, {"do": "show"}, 2) == SHOWN
    listener.close()
    assert list(folder.iterdir()) == []
    assert ask(place, listener.number, KEY, {"do": "show"}, 2) is None
