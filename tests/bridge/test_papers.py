"""Documents to print: found by whoever knows the address, for a while, a few at a time."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from xieka.bridge.papers import PREFIX, SECONDS, Papers
from xieka.bridge.rpc import Rpc
from xieka.bridge.server import Bridge
from xieka.core.events import EventBus

POLICY = "default-src 'none'; frame-ancestors 'none'"


def test_for_a_while_and_a_few_at_a_time() -> None:
    now = [0.0]
    papers = Papers(lambda: now[0])
    first = papers.add("一", POLICY)
    assert len(first) > len(PREFIX) + 40
    assert papers.add("一", POLICY) != first
    for _ in range(2):
        # Looking at it does not use it up: a tab may be reloaded.
        found = papers.find(first)
        assert found is not None
        assert found.html == "一"
    now[0] = SECONDS + 1
    assert papers.find(first) is None
    many = [papers.add(str(n), POLICY) for n in range(9)]
    assert [papers.find(path) is not None for path in many] == [False] + 8 * [True]


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    server = Bridge(tmp_path, EventBus())
    server.start()
    yield server
    server.bus.close()
    server.close()


def get(bridge: Bridge, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", int(bridge.netloc.rsplit(":")[-1]), timeout=5)
    connection.request("GET", path, headers={"Host": bridge.netloc, **headers})
    response = connection.getresponse()
    response.body = response.read()  # type: ignore[attr-defined]
    connection.close()
    return response


def test_served_with_its_own_policy_to_our_own_host_alone(bridge: Bridge) -> None:
    papers = Papers()
    path = papers.add("<!doctype html>证书摘要", POLICY)
    assert get(bridge, path).status == 404
    bridge.attach(Rpc({}, papers=papers))
    found = get(bridge, path)
    assert (found.status, found.body.decode()) == (200, "<!doctype html>证书摘要")  # type: ignore[attr-defined]
    assert found.headers.get_all("Content-Security-Policy") == [POLICY]
    assert found.headers["Content-Type"] == "text/html; charset=utf-8"
    assert found.headers["Cache-Control"] == "no-store"
    assert found.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert get(bridge, path, Host="evil.example").status == 421
    assert get(bridge, path, Origin="https://evil.example").status == 403
    for other in (PREFIX, path[:-1], path + "x", path + "?x", PREFIX + "../" + path):
        assert get(bridge, other).status == 404, other
