from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.net import Answer, Authority, Proxy, Server, free_port, reply, running
from xieka.content import diagnosis
from xieka.content.diagnosis import Diagnosis, diagnose
from xieka.core.errors import XiekaError
from xieka.core.http import Http
from xieka.core.proxy import ProxySettings
from xieka.core.system_proxy import SystemProxies, SystemSetting

HOST = "service.xieka.test"
LIVE, TIMESTAMP = "/v1/health/live", "/content/metadata/timestamp.json"
GOOD: dict[str, Answer] = {LIVE: reply(b'{"status":"ok"}'), TIMESTAMP: reply(b"{}")}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority this computer trusts."""
    authority = Authority(tmp_path, "world")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    return authority


def shown(found: Diagnosis) -> str:
    """One letter per step: route, name, connect, tls, service, content."""
    return "".join({"ok": "o", "fail": "F", "skip": "-"}[step.state] for step in found.steps)


def code(found: Diagnosis) -> str | None:
    codes = [step.error.code for step in found.steps if step.error]
    assert len(codes) <= 1
    return codes[0] if codes else None


def test_all_is_well(world: Authority) -> None:
    server = Server(GOOD, world.context("127.0.0.1"))
    with running(server):
        found = diagnose(Http(), server.url("/"))
    assert (shown(found), code(found)) == ("oooooo", None)
    assert all(0 <= step.ms < 2000 for step in found.steps)
    assert found.host == "127.0.0.1"
    assert found.proxy is None
    assert "127.0.0.1" in found.allow_list
    assert str(server.port) in found.allow_list


@pytest.mark.parametrize(
    ("answers", "steps", "expected"),
    [
        pytest.param({}, "ooo-F-", "E-NET-11", id="another server"),
        pytest.param({LIVE: GOOD[LIVE]}, "ooo-oF", "E-NET-11", id="no content"),
        pytest.param({LIVE: reply(b"<html>", kind="text/html")}, "ooo-F-", "E-NET-02", id="login page"),
        pytest.param({LIVE: reply(b"", "503 x")}, "ooo-F-", "E-NET-03", id="service ill"),
    ],
)
def test_what_the_service_answers(answers: dict[str, Answer], steps: str, expected: str) -> None:
    server = Server(answers)
    with running(server):
        found = diagnose(Http(allow_loopback_http=True), server.url(""))
    assert (shown(found), code(found)) == (steps, expected)


def test_nobody_listens() -> None:
    found = diagnose(Http(), f"https://127.0.0.1:{free_port()}")
    assert (shown(found), code(found)) == ("ooF---", "E-NET-03")


def test_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "has_route", lambda: True)
    found = diagnose(Http(), "https://no-such-name.invalid")
    assert (shown(found), code(found)) == ("oF----", "E-NET-04")
    assert "no-such-name.invalid" in found.allow_list
    assert "443" in found.allow_list


def test_no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "has_route", lambda: False)
    found = diagnose(Http(), f"https://{HOST}")
    assert (shown(found), code(found)) == ("F-----", "E-NET-01")


def test_an_authority_nobody_trusts_is_named(world: Authority, tmp_path: Path) -> None:
    server = Server(GOOD, Authority(tmp_path, "某公司检查").context("127.0.0.1"))
    with running(server):
        found = diagnose(Http(), server.url("/"))
    assert (shown(found), code(found)) == ("oooF--", "E-NET-06")
    error = found.steps[3].error
    assert error is not None
    assert "某公司检查" in error.kept


def through(proxy: Server) -> Http:
    return Http(lambda: ProxySettings("manual", f"http://127.0.0.1:{proxy.port}"))


def test_through_an_office_that_reads_along(world: Authority) -> None:
    origin = Server(GOOD)
    proxy = Proxy(origin.port, world)
    with running(origin, proxy):
        found = diagnose(through(proxy), f"https://{HOST}")
    assert (shown(found), code(found), found.proxy) == ("oooooo", None, f"127.0.0.1:{proxy.port}")


@pytest.mark.parametrize(
    ("make", "steps", "expected"),
    [
        pytest.param(lambda: Proxy(0, refuse=b"HTTP/1.1 407 x\r\n\r\n"), "oooF--", "E-NET-09", id="wants a password"),
        pytest.param(
            lambda: Proxy(0, refuse=b"HTTP/1.1 403 x\r\n\r\n"), "oooF--", "E-NET-10", id="does not let through"
        ),
    ],
)
def test_a_proxy_that_refuses(make: Callable[[], Proxy], steps: str, expected: str) -> None:
    proxy = make()
    with running(proxy):
        found = diagnose(through(proxy), f"https://{HOST}")
    assert (shown(found), code(found)) == (steps, expected)


def test_a_proxy_that_is_not_there() -> None:
    http = Http(lambda: ProxySettings("manual", f"http://127.0.0.1:{free_port()}"))
    found = diagnose(http, f"https://{HOST}")
    assert (shown(found), code(found)) == ("ooF---", "E-NET-08")


def test_what_the_system_has_set_and_we_cannot_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "has_route", lambda: False)
    system = SystemProxies(read=lambda: SystemSetting({}, lambda _: False, "pac"))
    assert diagnose(Http(system=system), f"https://{HOST}").unsupported == "pac"


def test_without_a_service() -> None:
    with pytest.raises(XiekaError, match="E-CNT-11"):
        diagnose(Http(), None)
