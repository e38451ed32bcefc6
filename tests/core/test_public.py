"""What a stranger's document may have us ask, and what not."""

from __future__ import annotations

import ipaddress
import socket
from datetime import timedelta

import pytest

from tests.core.net import Server, reply, running
from xieka.core import public
from xieka.core.errors import XiekaError
from xieka.core.http import Http
from xieka.core.proxy import ProxySettings

OK = reply(b"signed", kind="application/pkix-crl")


@pytest.mark.parametrize(
    "digits",
    [
        "127.0.0.1", "127.9.9.9", "0.0.0.0",  # noqa: S104
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "255.255.255.255", "192.0.2.1", "::", "::1", "fe80::1", "fc00::1", "fd00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::",
        "2001:db8::1",
    ],
)  # fmt: skip
def test_own_addresses(digits: str) -> None:
    assert not public.is_public(ipaddress.ip_address(digits))
    assert not public.may_be_public(digits)


@pytest.mark.parametrize("digits", ["1.1.1.1", "114.114.114.114", "2400:3200::1", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_public_addresses(digits: str) -> None:
    assert public.is_public(ipaddress.ip_address(digits))
    assert public.may_be_public(digits)


@pytest.mark.parametrize("host", ["ldap2.sheca.com", "OCSP3.sheca.com.", "a.xn--fiqs8s"])
def test_names_that_may_be_asked_for(host: str) -> None:
    assert public.may_be_public(host)


@pytest.mark.parametrize(
    "host",
    ["", "localhost", "router", "a.localhost", "printer.local", "db.internal", "a.home.arpa", "127.1", "2130706433",
     "0x7f.0x1", "0177.0.0.01", "017700000001", "a.lan."],
)  # fmt: skip
def test_names_that_are_never_asked_for(host: str) -> None:
    assert not public.may_be_public(host)


def code(http: Http, url: str, **how: object) -> str:
    with pytest.raises(XiekaError) as caught:
        http.signed(url, limit=100, **how)  # type: ignore[arg-type]
    return caught.value.code


@pytest.fixture
def plain() -> Http:
    return Http(lambda: ProxySettings("none"))


def test_a_signed_answer_from_a_place_that_is_named(plain: Http) -> None:
    server = Server({"/a.crl": OK, "/ocsp": OK})
    place = server.url().split("/")[2]
    with running(server):
        assert plain.signed(server.url("/a.crl"), limit=100, local={place}).body == b"signed"
        plain.signed(server.url("/ocsp"), limit=100, local={place}, body=b"question", media_type="application/x")
        assert code(plain, server.url("/a.crl")) == "E-NET-15"
        assert code(plain, server.url("/a.crl"), local={place + "0"}) == "E-NET-15"
        assert code(plain, server.url("/a.crl").replace("http", "ftp"), local={place}) == "E-NET-15"
    assert [head.split(b" ")[0] for head in server.requests] == [b"GET", b"POST"]
    assert server.bodies[1] == b"question"
    assert b"application/x" in server.requests[1]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("answers", [["127.0.0.1"], ["::1", "10.0.0.1"]])
def test_a_public_name_that_leads_home_is_not_connected_to(
    plain: Http, monkeypatch: pytest.MonkeyPatch, answers: list[str], scheme: str
) -> None:
    server = Server({"/": OK})
    port = int(server.url().rsplit(":", 1)[1].strip("/"))
    ask = socket.getaddrinfo

    def lie(host: str, *rest: object, **more: object) -> object:
        if host == "crl.example.com":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in answers]
        return ask(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", lie)
    with running(server):
        assert code(plain, f"{scheme}://crl.example.com:{port}/") == "E-NET-15"
    assert server.connections == 0


def test_an_address_is_looked_at_and_then_used(plain: Http, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads to the internet when it is looked at and home when it is connected to (DNS rebinding)."""
    server = Server({"/": OK})
    port = int(server.url().rsplit(":", 1)[1].strip("/"))
    asked = []
    connected: list[tuple[str, int]] = []

    def changing(host: str, *_: object, **__: object) -> object:
        asked.append(host)
        where = "192.88.99.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port))]

    class Noting(socket.socket):
        def connect(self, address: tuple[str, int]) -> None:  # type: ignore[override]
            connected.append(address)
            raise ConnectionRefusedError

    monkeypatch.setattr(public, "is_public", lambda address: str(address) == "192.88.99.1")
    monkeypatch.setattr(socket, "getaddrinfo", changing)
    monkeypatch.setattr(socket, "socket", Noting)
    with running(server), pytest.raises(XiekaError):
        plain.signed(f"http://crl.example.com:{port}/", limit=100)
    assert [one for one in connected if one[1] == port] == [("192.88.99.1", port)]


@pytest.mark.parametrize(
    ("date", "age", "ahead"),
    [
        pytest.param("Wed, 01 Jan 2020 00:00:00 GMT", None, True, id="long ago"),
        pytest.param("yesterday", None, False, id="no date"),
        pytest.param("Wed, 01 Jan 2020 00:00:00 GMT", "x", False, id="no age"),
    ],
)
def test_the_servers_time_is_noted(date: str, age: str | None, ahead: bool) -> None:
    """Of the practice service; whose else, test_http.py says."""
    http = Http(lambda: ProxySettings("none"), allow_loopback_http=True)
    server = Server({"/": reply(b"x", Date=date, **({"Age": age} if age else {}))})
    with running(server):
        http.signed(server.url(), limit=10, local={server.url().split("/")[2]})
    assert (http.ahead is not None) is ahead
    assert http.ahead is None or http.ahead < timedelta(days=-365)
