from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.core.net import Authority, Proxy, Server, reply, running
from tests.core.packages import TAG, PackageServer, Step
from tests.core.test_http import DRIP, HOST, code_of, slowly, through
from xieka.core.errors import XiekaError
from xieka.core.http import Http
from xieka.core.http_errors import RefusedError
from xieka.core.http_range import validator

DATA = os.urandom(300_000)


class Basin:
    """Keeps what is poured."""

    def __init__(self, beginning: bytes = b"") -> None:
        self.data = beginning
        self.begun: list[tuple[int, int | None, str | None]] = []

    def begin(self, start: int, total: int | None, validator: str | None) -> None:
        self.begun.append((start, total, validator))
        self.data = self.data[:start]

    def write(self, data: bytes) -> None:
        self.data += data


def test_all_of_it_comes_as_it_was_asked_for(http: Http) -> None:
    basin, server = Basin(), PackageServer(DATA)
    with running(server):
        http.stream(server.url(), basin, limit=len(DATA))
    assert basin.data == DATA
    assert basin.begun == [(0, len(DATA), TAG)]
    head = server.requests[0].lower()
    assert b"accept-encoding: identity" in head
    assert b"range" not in head
    assert b"cookie" not in head


def test_the_rest_is_asked_for_on_condition_that_it_is_the_rest(http: Http) -> None:
    basin, server = Basin(DATA[:100_000]), PackageServer(DATA)
    with running(server):
        http.stream(server.url(), basin, start=100_000, validator=TAG, limit=len(DATA))
    assert basin.data == DATA
    assert basin.begun == [(100_000, len(DATA), TAG)]
    assert (server.asked[0].range, server.asked[0].if_range) == ("bytes=100000-", TAG)
    assert server.sent == 200_000


@pytest.mark.parametrize(
    ("step", "tag"),
    [pytest.param(Step(whole=True), TAG, id="no ranges"), pytest.param(Step(), '"v2"', id="another version")],
)
def test_a_server_that_begins_anew_says_so_first(http: Http, step: Step, tag: str) -> None:
    basin, server = Basin(b"old"), PackageServer(DATA, step, tag=tag)
    with running(server):
        http.stream(server.url(), basin, start=3, validator=TAG, limit=len(DATA))
    assert basin.data == DATA
    assert basin.begun == [(0, len(DATA), tag)]


def part(content_range: str, body: bytes = b"def", **headers: str) -> bytes:
    return reply(body, "206 Partial Content", "application/zip", Content_Range=content_range, **headers)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        pytest.param(part("bytes 3-5/6", ETag='"v2"'), 206, id="another version, If-Range ignored"),
        pytest.param(part("bytes 2-4/6", ETag=TAG), 206, id="another beginning"),
        pytest.param(
            b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-5/6\r\n\r\ncdef",
            206,
            id="another beginning, length not said",
        ),
        pytest.param(part("bytes 3-5/9", ETag=TAG), 206, id="not to the end"),
        pytest.param(part("bytes 3-2/6", ETag=TAG), 206, id="backwards"),
        pytest.param(part("bytes 3-6/7", ETag=TAG), 206, id="not as long as said"),
        pytest.param(part("bytes */6", ETag=TAG), 206, id="no range"),
        pytest.param(part("lines 3-5/6", ETag=TAG), 206, id="other unit"),
        pytest.param(reply(b"def", "206 Partial Content", "multipart/byteranges"), 206, id="several parts"),
        pytest.param(reply(b"", "416 Range Not Satisfiable", "text/plain", Content_Range="bytes */3"), 416, id="416"),
    ],
)
def test_a_part_that_does_not_fit_is_not_poured(http: Http, answer: bytes, status: int) -> None:
    basin, server = Basin(b"abc"), Server({"/": answer})
    with running(server), pytest.raises(RefusedError) as refused:
        http.stream(server.url(), basin, start=3, validator=TAG, limit=100)
    assert refused.value.status == status
    assert (basin.data, basin.begun) == (b"abc", [])


def test_a_part_of_unknown_whole_without_a_tag_continues(http: Http) -> None:
    basin, server = Basin(b"abc"), Server({"/": part("bytes 3-5/*")})
    with running(server):
        http.stream(server.url(), basin, start=3, validator=TAG, limit=6)
    assert (basin.data, basin.begun) == (b"abcdef", [(3, None, TAG)])


def test_a_part_that_nobody_asked_for_is_refused(http: Http) -> None:
    server = Server({"/": part("bytes 0-2/3")})
    with running(server):
        assert code_of(lambda: http.stream(server.url(), Basin(), limit=100)) == "E-NET-11"


DATE = "Sat, 28 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({"ETag": '"a"', "Last-Modified": DATE}, '"a"', id="strong tag"),
        pytest.param({"ETag": 'W/"a"'}, None, id="weak tag"),
        pytest.param({"ETag": '"a'}, None, id="broken tag"),
        pytest.param({"ETag": '"' + "a" * 300 + '"'}, None, id="endless tag"),
        pytest.param(
            {"ETag": 'W/"a"', "Last-Modified": "Sat, 28 Nov 2026 11:59:00 GMT", "Date": DATE},
            "Sat, 28 Nov 2026 11:59:00 GMT",
            id="changed a minute before",
        ),
        pytest.param({"Last-Modified": "Sat, 28 Nov 2026 11:59:59 GMT", "Date": DATE}, None, id="changed just now"),
        pytest.param({"Last-Modified": DATE}, None, id="no date"),
        pytest.param({"Last-Modified": "yesterday", "Date": DATE}, None, id="no date of change"),
        pytest.param({"Last-Modified": "Sat, 28 Nov 2026 11:00:00 -0000", "Date": DATE}, None, id="no time zone"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_what_if_range_may_name(headers: dict[str, str], expected: str | None) -> None:
    assert validator(headers) == expected


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "code", "poured"),
    [
        pytest.param(reply(b"x" * 101, kind="application/zip"), "E-NET-16", 0, id="too long, said so"),
        pytest.param(
            slowly([CHUNKED, b"32\r\n" + b"x" * 50 + b"\r\n", b"33\r\n" + b"x" * 51], 0.1),
            "E-NET-16",
            50,
            id="chunks",
        ),
        pytest.param(slowly([reply(b"x" * 90)[:-10]], 0), "E-NET-05", 80, id="cut"),
        pytest.param(slowly([CHUNKED + b"5\r\nab"], 0), "E-NET-05", 2, id="cut in a chunk"),
        pytest.param(reply(b"<p>login", kind="text/html; charset=utf-8"), "E-NET-02", 0, id="a page"),
        pytest.param(reply(b"\n<!DOCTYPE html>", kind="application/zip"), "E-NET-02", 0, id="a page called a package"),
        pytest.param(reply(b"", "302 Found", Location="http://login.example/"), "E-NET-02", 0, id="redirect elsewhere"),
        pytest.param(reply(b"x" * 200_000, "404 Not Found", "text/html"), "E-NET-11", 0, id="404 with a long page"),
        pytest.param(reply(b"x" * 200_000, "503 Service Unavailable"), "E-NET-03", 0, id="503"),
        pytest.param(reply(b"", "429 Too Many Requests", Retry_After="7"), "E-NET-12", 0, id="429"),
        pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", "E-NET-03", 0, id="204"),
    ],
)
def test_answers_that_are_not_the_thing(http: Http, answer: bytes, code: str, poured: int) -> None:
    basin, server = Basin(), Server({"/": answer})
    with running(server):
        assert code_of(lambda: http.stream(server.url(), basin, limit=100)) == code
    assert len(basin.data) == poured
    assert bool(basin.begun) == bool(poured)


def test_a_redirect_at_the_place_carries_the_range(http: Http) -> None:
    server = Server({"/": reply(b"", "307 Temporary Redirect", Location="/a"), "/a": part("bytes 3-5/6")})
    basin = Basin(b"abc")
    with running(server):
        http.stream(server.url(), basin, start=3, limit=6)
    assert basin.data == b"abcdef"
    assert b"Range: bytes=3-" in server.requests[1]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(slowly([b""], 20), id="silent"),
        pytest.param(slowly(DRIP, 0.1), id="head in drips"),
        pytest.param(slowly([reply(b"x" * 90)[:-80], b""], 20), id="body stops"),
        pytest.param(slowly([CHUNKED + b"3\r\nabc\r\n", *[b"0"] * 80], 0.1), id="a chunk's length in drips"),
        pytest.param(slowly([b"HTTP/1.1 404 Not Found\r\n\r\n", *[b"x"] * 80], 0.1), id="refusal in drips"),
    ],
)
def test_a_stall_ends_it_and_a_cancel_is_heeded_at_once(http: Http, answer: Callable[..., None]) -> None:
    server = Server({"/": answer})
    with running(server):
        begun = time.monotonic()
        assert code_of(lambda: http.stream(server.url(), Basin(), limit=100, stall=0.4)) == "E-NET-03"
        assert time.monotonic() - begun < 0.9
        cancel = threading.Event()
        threading.Timer(0.2, cancel.set).start()
        begun = time.monotonic()
        assert code_of(lambda: http.stream(server.url(), Basin(), limit=100, cancel=cancel)) == "E-NET-13"
        assert time.monotonic() - begun < 0.6
        end = time.monotonic() + 2
        while any(thread.name == "http" for thread in threading.enumerate()):
            assert time.monotonic() < end, "abandoned threads end too"
            time.sleep(0.02)


def test_what_is_slow_but_comes_is_no_stall(http: Http) -> None:
    basin, seen = Basin(), []
    server = Server({"/": slowly([reply(b"x" * 8)[:-8], *[b"x"] * 8], 0.15)})
    with running(server):
        http.stream(server.url(), basin, limit=8, stall=0.5, watch=lambda: seen.append(len(basin.data)))
    assert basin.data == b"x" * 8
    assert len(set(seen)) > 4, "watched on the way"


def test_a_slow_sink_is_no_stall(http: Http) -> None:
    class Slow(Basin):
        def write(self, data: bytes) -> None:
            time.sleep(0.6)
            super().write(data)

    basin, server = Slow(), PackageServer(b"abc")
    with running(server):
        http.stream(server.url(), basin, limit=3, stall=0.3)
    assert basin.data == b"abc"


def test_the_sink_is_at_rest_once_it_is_over(http: Http) -> None:
    cancel = threading.Event()

    class Busy(Basin):
        def write(self, data: bytes) -> None:
            cancel.set()
            time.sleep(0.3)
            super().write(data)

    basin, server = Busy(), PackageServer(DATA * 20)
    with running(server):
        assert code_of(lambda: http.stream(server.url(), basin, limit=len(DATA) * 20, cancel=cancel)) == "E-NET-13"
        left = len(basin.data)
        assert left
        time.sleep(0.5)
    assert len(basin.data) == left


def test_a_watcher_that_fails_ends_the_transfer(http: Http) -> None:
    def fail() -> None:
        raise KeyError

    basin, server = Basin(), PackageServer(DATA, Step(hang=10))
    with running(server), pytest.raises(KeyError):
        http.stream(server.url(), basin, limit=len(DATA), watch=fail)
    left = len(basin.data)
    time.sleep(0.1)
    assert len(basin.data) == left


@pytest.mark.parametrize("where", ["begin", "write"])
def test_what_the_sink_raises_is_what_is_raised(http: Http, where: str) -> None:
    def full(*_: object) -> None:
        raise XiekaError("E-SAV-03", n=1)

    basin, server = Basin(), PackageServer(DATA)
    setattr(basin, where, full)
    with running(server):
        assert code_of(lambda: http.stream(server.url(), basin, limit=len(DATA))) == "E-SAV-03"


def test_addresses_that_are_not_fetched(http: Http) -> None:
    assert code_of(lambda: http.stream("http://example.com/", Basin(), limit=1)) == "E-NET-15"


def test_tls_and_the_proxy_are_those_of_every_request(tmp_path: Path, trusted: Callable[[Authority], None]) -> None:
    world, strange = Authority(tmp_path, "world"), Authority(tmp_path, "strange")
    origin, other = (PackageServer(DATA, context=one.context(HOST)) for one in (world, strange))
    proxy, astray = Proxy(origin.port), Proxy(other.port)
    trusted(world)
    basin, nothing = Basin(), Basin()
    with running(origin, other, proxy, astray):
        through(proxy).stream(f"https://{HOST}/", basin, limit=len(DATA))
        assert code_of(lambda: through(astray).stream(f"https://{HOST}/", nothing, limit=len(DATA))) == "E-NET-06"
    assert basin.data == DATA
    assert nothing.begun == []
