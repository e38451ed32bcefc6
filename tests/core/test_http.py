from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests
import truststore

import xieka
from tests.core.net import Authority, Proxy, Server, free_port, reply, running
from xieka.core import http_errors, http_transport
from xieka.core.errors import XiekaError
from xieka.core.http import Http
from xieka.core.http_errors import RefusedError
from xieka.core.proxy import ProxySettings
from xieka.core.system_proxy import SystemProxies, SystemSetting

OK = reply(b'{"status":"ok"}')
NO_PROXY = ProxySettings("none")
HOST = "service.xieka.test"
"""A name that only the tests' proxies know the way to."""


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(XiekaError) as error:
        call()
    error.value.body()  # every parameter of the text is there
    return error.value.code


def slowly(chunks: list[bytes], pause: float) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        for chunk in chunks:
            connection.sendall(chunk)
            time.sleep(pause)

    return answer


def test_a_plain_answer_and_what_is_sent(http: Http) -> None:
    server = Server({"/a": reply(b'{"status":"ok"}', Set_Cookie="id=1; Path=/")})
    with running(server):
        assert http.get(server.url("/a"), limit=100).json() == {"status": "ok"}
        http.send("POST", server.url("/a"), limit=100, body={"名": 1}, bearer="secret")
    first, second = (head.decode().lower() for head in server.requests)
    assert f"user-agent: xieka/{xieka.__version__}\r\n" in first
    assert "accept-encoding: identity" in first
    assert "authorization" not in first
    assert "cookie" not in second
    assert "authorization: bearer secret" in second
    assert server.bodies[1] == '{"名": 1}'.encode()
    assert server.connections == 1, "connections are kept"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://example.com/", id="http elsewhere"),
        pytest.param("http://127.0.0.1.example.com/", id="looks like loopback"),
        pytest.param("https://user:word@example.com/", id="user name"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("https:///x", id="no host"),
    ],
)
def test_addresses_that_are_not_fetched(http: Http, url: str) -> None:
    assert code_of(lambda: http.get(url, limit=1)) == "E-NET-15"


def test_loopback_http_is_for_practice_only() -> None:
    server = Server({"/": OK})
    with running(server):
        assert code_of(lambda: Http(lambda: NO_PROXY).get(server.url(), limit=100)) == "E-NET-15"
    assert server.connections == 0


LOGIN = reply(b"<html>login</html>", kind="text/html; charset=utf-8")
PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(LOGIN, "E-NET-02", id="captive portal: page"),
        pytest.param(reply(b"\n<!DOCTYPE html><p>"), "E-NET-02", id="captive portal: page called JSON"),
        pytest.param(
            reply(b"", "302 Found", Location="http://login.example/"), "E-NET-02", id="captive portal: redirect"
        ),
        pytest.param(reply(b"", "511 Network Authentication Required"), "E-NET-02", id="captive portal: 511"),
        pytest.param(reply(b"", "302 Found", Location="/"), "E-NET-03", id="redirect for ever"),
        pytest.param(reply(b"", "503 Service Unavailable"), "E-NET-03", id="503"),
        pytest.param(reply(b"<html>", "502 Bad Gateway", "text/html"), "E-NET-03", id="502 with a page"),
        pytest.param(reply(b"<html>", "404 Not Found", "text/html"), "E-NET-11", id="404 with a page"),
        pytest.param(reply(b"", "429 Too Many Requests", Retry_After="7"), "E-NET-12", id="429"),
        pytest.param(reply(b"", "407 Proxy Authentication Required"), "E-NET-09", id="407 without a tunnel"),
        pytest.param(reply(b"x" * 101), "E-NET-16", id="too long, said so"),
        pytest.param(slowly([b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 101], 0), "E-NET-16", id="too long, not said"),
        pytest.param(slowly([reply(b"x" * 90)[:-10]], 0), "E-NET-05", id="cut in the body"),
        pytest.param(
            slowly([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"], 0),
            "E-NET-05",
            id="cut in a chunk",
        ),
        pytest.param(slowly([], 0), "E-NET-05", id="closed without an answer"),
        pytest.param(slowly([b"SSH-2.0-x\r\n"], 0), "E-NET-05", id="not HTTP"),
    ],
)
def test_answers_that_are_not_the_services(http: Http, answer: bytes, code: str) -> None:
    server = Server({"/": answer})
    with running(server):
        assert code_of(lambda: http.get(server.url(), limit=100)) == code


def test_an_error_status_carries_the_problems_code(http: Http) -> None:
    server = Server(
        {
            "/a": reply(b'{"code":"auth.expired"}', "401 Unauthorized", PROBLEM, Retry_After="7"),
            "/b": reply(b'{"code":"<script>"}', "400 Bad Request", PROBLEM),
            "/c": reply(b"[" * 100_000, "400 Bad Request", PROBLEM),
        }
    )
    seen = {}
    with running(server):
        for path in server.answers:
            with pytest.raises(RefusedError) as refused:
                http.get(server.url(path), limit=200_000)
            seen[path] = (refused.value.status, refused.value.problem, refused.value.retry_after)
    assert seen == {"/a": (401, "auth.expired", 7), "/b": (400, "", None), "/c": (400, "", None)}


def test_redirects_stay_at_the_place(http: Http) -> None:
    other = Server({"/": OK})
    server = Server(
        {
            "/near": reply(b"", "307 Temporary Redirect", Location="/a"),
            "/far": reply(b"", "307 Temporary Redirect", Location=other.url()),
            "/a": OK,
        }
    )
    with running(server, other):
        assert http.get(server.url("/near"), limit=100).body
        assert code_of(lambda: http.get(server.url("/far"), limit=100)) == "E-NET-02"
        assert code_of(lambda: http.send("POST", server.url("/near"), limit=100)) == "E-NET-11"
    assert other.connections == 0


DRIP = [b"HTTP/1.1 200 OK\r\n", *[f"X-{i}: 1\r\n".encode() for i in range(90)]]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(slowly([b""], 20), id="silent"),
        pytest.param(slowly(DRIP, 0.2), id="head in drips"),
        pytest.param(slowly([reply(b"x" * 90)[:-90], *[b"x"] * 80], 0.2), id="body in drips"),
    ],
)
def test_nothing_takes_longer_than_its_total_and_a_cancel_is_heeded_at_once(http: Http, answer: bytes) -> None:
    server = Server({"/": answer})
    with running(server):
        begun = time.monotonic()
        assert code_of(lambda: http.get(server.url(), limit=1000, total=0.5)) == "E-NET-03"
        assert time.monotonic() - begun < 1.0
        cancel = threading.Event()
        threading.Timer(0.3, cancel.set).start()
        begun = time.monotonic()
        assert code_of(lambda: http.get(server.url(), limit=1000, cancel=cancel)) == "E-NET-13"
        assert time.monotonic() - begun < 0.8
        # The abandoned threads end too: their connections were shut down under them.
        end = time.monotonic() + 2
        while any(thread.name == "http" for thread in threading.enumerate()):
            assert time.monotonic() < end
            time.sleep(0.02)


def test_progress_is_told(http: Http) -> None:
    seen: list[tuple[int, int | None]] = []
    server = Server({"/": reply(b"x" * 300_000)})
    with running(server):
        http.get(server.url(), limit=300_000, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (300_000, 300_000)
    assert len(seen) > 1


@pytest.mark.parametrize(("route", "code"), [(True, "E-NET-04"), (False, "E-NET-01")])
def test_a_name_that_does_not_exist(http: Http, monkeypatch: pytest.MonkeyPatch, route: bool, code: str) -> None:
    monkeypatch.setattr(http_errors, "has_route", lambda: route)
    assert code_of(lambda: http.get("https://no-such-name.invalid/", limit=1)) == code


def test_nobody_listens(http: Http) -> None:
    assert code_of(lambda: http.get(f"http://127.0.0.1:{free_port()}/", limit=1)) == "E-NET-03"


# --- TLS and proxies ---------------------------------------------------------------------------------------------


class NotTls(Server):
    def talk(self, connection: socket.socket) -> None:
        connection.recv(1)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def test_the_systems_trust_store_decides(tmp_path: Path, http: Http, trusted: Callable[[Authority], None]) -> None:
    ours, strange = Authority(tmp_path, "ours"), Authority(tmp_path, "Strange CA")
    good, bad = (Server({"/": OK}, one.context("127.0.0.1")) for one in (ours, strange))
    old = Server({"/": OK}, ours.context("127.0.0.1", (-30, -1)))
    early = Server({"/": OK}, ours.context("127.0.0.1", (1, 30)))
    misnamed = Server({"/": OK}, ours.context("elsewhere.test"))
    plain = NotTls({})
    trusted(ours)
    with running(good, bad, old, early, misnamed, plain):
        assert http.get(good.url(), limit=100).json() == {"status": "ok"}
        with pytest.raises(XiekaError) as refused:
            http.get(bad.url(), limit=100)
        assert refused.value.code == "E-NET-06"
        assert "Strange CA" in refused.value.body()["kept"]
        assert code_of(lambda: http.get(old.url(), limit=100)) == "E-NET-07"
        assert code_of(lambda: http.get(early.url(), limit=100)) == "E-NET-07"
        assert code_of(lambda: http.get(misnamed.url(), limit=100)) == "E-NET-06"
        assert code_of(lambda: http.get(f"https://127.0.0.1:{plain.port}/", limit=100)) == "E-NET-14"
    assert not any(server.requests for server in (bad, old, early, misnamed)), "nothing was sent"


def test_the_time_is_believed_of_whom_nobody_can_imitate(tmp_path: Path, trusted: Callable[[Authority], None]) -> None:
    told = reply(b"x", Date=format_datetime(datetime.now(UTC) + timedelta(days=400), usegmt=True))
    ours = Authority(tmp_path, "ours")
    trusted(ours)
    plain, safe = Server({"/": told}), Server({"/": told}, ours.context("127.0.0.1"))
    local = {f"127.0.0.1:{plain.port}"}
    with running(plain, safe):
        for practice, ask, believed in (
            (False, lambda http: http.signed(plain.url(), limit=9, local=local), False),
            (True, lambda http: http.signed(plain.url(), limit=9, local=local), True),
            (True, lambda http: http.get(plain.url(), limit=9), True),
            (False, lambda http: http.get(safe.url(), limit=9), True),
        ):
            http = Http(lambda: NO_PROXY, allow_loopback_http=practice)
            ask(http)
            assert (http.ahead is not None and http.ahead > timedelta(days=399)) is believed
            http.close()


def test_the_list_of_authorities_that_requests_brings_counts_nothing(
    tmp_path: Path, http: Http, trusted: Callable[[Authority], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, strange = Authority(tmp_path, "ours"), Authority(tmp_path, "strange")
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(strange.pem))
    trusted(ours)
    server = Server({"/": OK}, strange.context("127.0.0.1"))
    with running(server):
        assert code_of(lambda: http.get(server.url(), limit=100)) == "E-NET-06"


def test_every_way_is_judged_by_the_one_context(
    tmp_path: Path, http: Http, trusted: Callable[[Authority], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows and macOS only that context knows the system's store."""
    ours = Authority(tmp_path, "ours")
    trusted(Authority(tmp_path, "somebody else"))
    monkeypatch.setattr(http_transport, "trust_context", lambda: ssl.create_default_context(cafile=str(ours.pem)))
    server, inside = Server({"/": OK}, ours.context("127.0.0.1")), Server({"/": OK}, ours.context(HOST))
    proxy = Proxy(inside.port)
    with running(server, inside, proxy):
        assert http.get(server.url(), limit=100).body
        assert through(proxy).get(f"https://{HOST}/", limit=100).body


def test_it_is_the_systems_store() -> None:
    assert isinstance(http_transport.trust_context(), truststore.SSLContext)


def through(proxy: Server) -> Http:
    return Http(lambda: ProxySettings("manual", f"http://127.0.0.1:{proxy.port}"))


def test_an_office_that_reads_along(tmp_path: Path, trusted: Callable[[Authority], None]) -> None:
    """TLS inspection: trusted exactly when its authority is in the system's store, and named when it is not."""
    office, world = Authority(tmp_path, "上海某公司 TLS 检查"), Authority(tmp_path, "world")
    origin = Server({"/": OK})
    proxy = Proxy(origin.port, office)
    with running(origin, proxy):
        trusted(world)
        with pytest.raises(XiekaError) as refused:
            through(proxy).get(f"https://{HOST}/", limit=100)
        assert refused.value.code == "E-NET-06"
        assert "上海某公司 TLS 检查" in refused.value.body()["kept"]
        assert proxy.read_along == []
        trusted(office)
        assert through(proxy).get(f"https://{HOST}/", limit=100, bearer="x").json() == {"status": "ok"}
        assert b"authorization: bearer x" in b"".join(proxy.read_along).lower()
    assert proxy.requests[-1].startswith(f"CONNECT {HOST}:443 ".encode())
    assert b"authorization" not in proxy.requests[-1].lower()


def test_a_proxy_that_only_tunnels(tmp_path: Path, trusted: Callable[[Authority], None]) -> None:
    world = Authority(tmp_path, "world")
    origin = Server({"/": OK}, world.context(HOST))
    proxy = Proxy(origin.port)
    trusted(world)
    with running(origin, proxy):
        assert through(proxy).get(f"https://{HOST}/", limit=100).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "E-NET-09", id="wants a password"),
        pytest.param(b"HTTP/1.1 403 Forbidden\r\n\r\n", "E-NET-10", id="forbids the host"),
        pytest.param(b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "E-NET-10", id="finds no way"),
    ],
)
def test_a_proxy_that_refuses(answer: bytes, code: str) -> None:
    proxy = Proxy(0, refuse=answer)
    with running(proxy):
        assert code_of(lambda: through(proxy).get(f"https://{HOST}/", limit=1)) == code


def test_a_proxy_that_is_not_there_and_its_password_is_not_shown() -> None:
    port = free_port()
    setting = SystemSetting({"https": f"http://user:geheim@127.0.0.1:{port}"}, lambda _: False)
    http = Http(system=SystemProxies(read=lambda: setting))
    with pytest.raises(XiekaError) as refused:
        http.get(f"https://{HOST}/", limit=1)
    assert refused.value.code == "E-NET-08"
    assert f"127.0.0.1:{port}" in refused.value.body()["kept"]
    assert "geheim" not in str(refused.value.body())


def test_this_computer_is_never_asked_for_through_a_proxy() -> None:
    server, proxy = Server({"/": OK}), Proxy(0)
    http = Http(lambda: ProxySettings("manual", f"http://127.0.0.1:{proxy.port}"), allow_loopback_http=True)
    with running(server, proxy):
        assert http.get(server.url(), limit=100).body
    assert proxy.connections == 0
