from __future__ import annotations

import socket
from pathlib import Path

import pytest

from xieka.core import route
from xieka.core.route import has_route, is_loopback


def test_no_route_over_either_family_is_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def __init__(self, *_: object) -> None: ...
        def __enter__(self) -> Refusing:
            return self

        def __exit__(self, *_: object) -> None: ...
        def connect(self, address: object) -> None:
            raise OSError("unreachable")

    monkeypatch.setattr(route.socket, "socket", Refusing)
    assert has_route() is False
    assert socket.socket is Refusing  # the module asks nobody else


def test_the_real_look_agrees_with_the_routing_table() -> None:
    table = Path("/proc/net/route").read_text(encoding="ascii").splitlines()[1:]
    if any(line.split()[1] == "00000000" for line in table):
        assert has_route() is True


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost.evil.cn", False),
        ("127.0.0.1.evil.cn", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_this_computer(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
