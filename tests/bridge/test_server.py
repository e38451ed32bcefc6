"""The border between the page and the program, attacked as a table."""

from __future__ import annotations

import http.client
import json
import logging
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from xieka.bridge import models
from xieka.bridge.handler import BODY_LIMIT, PAGE_TOPICS
from xieka.bridge.rpc import Method, Rpc
from xieka.bridge.server import Bridge
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus

CANARY = "Kanarie-4711"
ATTEMPT = "0d9e5f1c-6a54-4f6e-9d3a-000000000001"


class Said(BaseModel):
    text: str


def refuse(_: models.Nothing) -> None:
    raise XiekaError("E-TOK-06")


def fail(_: models.PinCheck) -> None:
    raise RuntimeError(f"boom {CANARY}")


def misbuild(_: models.Nothing) -> Said:
    return Said.model_validate({"text": [CANARY]})


def half(_: models.Nothing) -> Said:
    return Said.model_construct(text=object())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    tmp_path = tmp_path_factory.mktemp("bridge")
    root = tmp_path / "frontend"
    root.mkdir()
    (root / "index.html").write_text("<!doctype html>协卡", encoding="utf-8")
    (root / "app.js").write_text("export {}", encoding="utf-8")
    (root / "id.key").write_text("private", encoding="utf-8")
    (root / ".hidden.js").write_text("hidden", encoding="utf-8")
    (tmp_path / "outside.js").write_text("outside", encoding="utf-8")
    (root / "link.js").symlink_to(tmp_path / "outside.js")
    rpc = Rpc(
        {
            "say": Method(models.Nothing, lambda _: Said(text="好")),
            "quiet": Method(models.Nothing, lambda _: None),
            "refuse": Method(models.Nothing, refuse),
            "fail": Method(models.PinCheck, fail),
            "misbuild": Method(models.Nothing, misbuild),
            "half": Method(models.Nothing, half),
            "name": Method(models.Nothing, lambda _: Said(text="\ud83d")),
        }
    )
    server = Bridge(root, EventBus())
    server.start()
    server.attach(rpc)
    yield server
    server.bus.close()
    server.close()


def ask(bridge: Bridge, method: str = "POST", path: str = "/rpc", body: bytes | None = None, **headers: str | None):
    given: dict[str, str | None] = {
        "Host": bridge.netloc,
        "Authorization": f"Bearer {bridge.token}",
        "Content-Type": "application/json",
    }
    given.update({name.replace("_", "-"): value for name, value in headers.items()})
    connection = http.client.HTTPConnection("127.0.0.1", int(bridge.netloc.rsplit(":")[-1]), timeout=5)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in given.items():
        if value is not None:
            connection.putheader(name, value)
    if body is not None and "Content-Length" not in given:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    data = response.read()
    connection.close()
    return response, data


def call(bridge: Bridge, method: object, params: object = None, **extra: object) -> dict[str, object]:
    request = {"method": method, "params": {} if params is None else params, "id": 7, **extra}
    response, data = ask(bridge, body=json.dumps(request).encode())
    assert response.status == 200
    answer: dict[str, object] = json.loads(data)
    return answer


def test_a_right_call_is_answered(bridge: Bridge) -> None:
    assert call(bridge, "say") == {"id": 7, "result": {"text": "好"}}
    assert call(bridge, "quiet") == {"id": 7, "result": None}


def test_half_a_character_is_no_reason_not_to_answer(bridge: Bridge) -> None:
    # Unanswered, the browser would send the call again.
    response, data = ask(bridge, body=b'{"method": "say", "params": {}, "id": "\\ud83d"}')
    assert response.status == 200
    assert json.loads(data)["id"] == "\ud83d"
    assert "id" in call(bridge, "name")


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        pytest.param(401, {"Authorization": None}, id="no token"),
        pytest.param(401, {"Authorization": "Bearer wrong"}, id="wrong token"),
        pytest.param(401, {"Authorization": "Bearer \xff\xfe"}, id="token that is not ASCII"),
        pytest.param(421, {"Host": "evil.example"}, id="foreign Host (rebound name)"),
        pytest.param(421, {"Host": "localhost"}, id="localhost is not our Host"),
        pytest.param(421, {"Host": None}, id="no Host"),
        pytest.param(403, {"Origin": "https://evil.example"}, id="foreign Origin"),
        pytest.param(403, {"Origin": "null"}, id="null Origin (sandboxed frame, file)"),
        pytest.param(415, {"Content_Type": "text/plain"}, id="simple cross-site type"),
        pytest.param(415, {"Content_Type": None}, id="no type"),
        pytest.param(404, {"path": "/rpc/"}, id="other path"),
        pytest.param(404, {"path": "/rpc?t=1"}, id="query"),
        pytest.param(400, {"body": b"{"}, id="broken JSON"),
        pytest.param(400, {"body": b"[" * 100_000}, id="deep JSON"),
        pytest.param(413, {"body": b"x", "Content-Length": str(BODY_LIMIT + 1)}, id="too long"),
        pytest.param(413, {"body": b"x", "Content-Length": "9" * 5000}, id="a length of 5000 digits"),
        pytest.param(411, {"body": b"x", "Content-Length": "-1"}, id="negative length"),
        pytest.param(411, {"body": b"x", "Content-Length": "١"}, id="length in other digits"),
    ],
)
def test_refused_requests(
    bridge: Bridge, caplog: pytest.LogCaptureFixture, status: int, changes: dict[str, str]
) -> None:
    request = {"body": json.dumps({"method": "say", "params": {}, "id": 1}).encode(), **changes}
    with caplog.at_level(logging.WARNING, "xieka"):
        if "Content-Length" in changes and not changes["Content-Length"].isascii():
            request["Content-Length"] = changes["Content-Length"].encode().decode("latin-1")
        response, data = ask(bridge, **request)  # type: ignore[arg-type]
    assert response.status == status
    assert data == b""
    assert "refused" in caplog.text
    assert bridge.token not in caplog.text
    assert "evil" not in caplog.text


@pytest.mark.parametrize(
    ("code", "request_body"),
    [
        pytest.param("E-RPC-02", {"method": "nothing", "params": {}, "id": 1}, id="unknown method"),
        pytest.param("E-RPC-02", {"method": "__class__", "params": {}, "id": 1}, id="dunder"),
        pytest.param("E-RPC-02", {"method": "say.__call__", "params": {}, "id": 1}, id="dotted"),
        pytest.param("E-RPC-02", {"method": ["say"], "params": {}, "id": 1}, id="method not a string"),
        pytest.param("E-RPC-01", {"method": "say", "params": {}, "id": {"a": 1}}, id="id not a scalar"),
        pytest.param("E-RPC-01", {"method": "say", "params": {}, "id": 1, "extra": 1}, id="extra member"),
        pytest.param("E-RPC-01", ["say"], id="not an object"),
        pytest.param("E-RPC-01", None, id="null"),
        pytest.param("E-RPC-03", {"method": "say", "params": {"x": 1}, "id": 1}, id="extra parameter"),
        pytest.param("E-RPC-03", {"method": "say", "params": [], "id": 1}, id="parameters as list"),
        pytest.param(
            "E-RPC-03",
            {"method": "fail", "params": {"attempt": ATTEMPT, "token": "t", "pin": 123456}, "id": 1},
            id="PIN not text",
        ),
        pytest.param(
            "E-RPC-03",
            {"method": "fail", "params": {"attempt": ATTEMPT, "token": "", "pin": CANARY}, "id": 1},
            id="empty token",
        ),
        pytest.param(
            "E-RPC-03",
            {"method": "fail", "params": {"attempt": ATTEMPT, "token": "t", "pin": CANARY * 50}, "id": 1},
            id="endless PIN",
        ),
        pytest.param("E-RPC-03", {"method": "fail", "params": {"token": "t", "pin": CANARY}, "id": 1}, id="no attempt"),
        pytest.param("E-TOK-06", {"method": "refuse", "params": {}, "id": 1}, id="expected error"),
        pytest.param(
            "E-INT-01",
            {"method": "fail", "params": {"attempt": ATTEMPT, "token": "t", "pin": CANARY}, "id": 1},
            id="unexpected",
        ),
        pytest.param("E-INT-01", {"method": "misbuild", "params": {}, "id": 1}, id="a model of ours that does not fit"),
        pytest.param("E-INT-01", {"method": "half", "params": {}, "id": 1}, id="a result that is no JSON"),
    ],
)
def test_calls_that_fail_say_why_and_leak_nothing(
    bridge: Bridge, caplog: pytest.LogCaptureFixture, code: str, request_body: object
) -> None:
    with caplog.at_level(logging.DEBUG, "xieka"):
        response, data = ask(bridge, body=json.dumps(request_body).encode())
    assert response.status == 200
    error = json.loads(data)["error"]
    assert error["code"] == code
    assert set(error) == {"code", "what", "kept", "do"}
    assert ("refused" in caplog.text) is (code in ("E-RPC-02", "E-RPC-03"))
    for text in (data.decode(), caplog.text):
        assert CANARY not in text
        assert "Traceback" not in text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/", 200, id="index"),
        pytest.param("/app.js", 200, id="module"),
        pytest.param("/id.key", 404, id="a kind we do not serve"),
        pytest.param("/.hidden.js", 404, id="hidden"),
        pytest.param("/../outside.js", 404, id="up"),
        pytest.param("/%2e%2e/outside.js", 404, id="encoded up"),
        pytest.param("/..%5coutside.js", 404, id="backslash up"),
        pytest.param("/link.js", 404, id="link out"),
        pytest.param("/app.js%00.png", 404, id="NUL"),
        pytest.param("//etc/passwd", 404, id="absolute"),
        pytest.param("//[", 404, id="half an address"),
        pytest.param("/" + "a" * 300 + ".js", 404, id="a name longer than any file's"),
        pytest.param("/" + "a/" * 3000 + "b.js", 404, id="a path longer than any file's"),
        pytest.param("/app.js?v=1", 200, id="query"),
        pytest.param("/events", 401, id="events without token"),
    ],
)
def test_static_files(bridge: Bridge, path: str, status: int) -> None:
    response, data = ask(bridge, "GET", path, Authorization=None)
    assert response.status == status
    assert b"outside" not in data
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Python" not in response.headers["Server"]


@pytest.mark.parametrize(
    ("status", "changes"),
    [
        pytest.param(405, {}, id="ours"),
        pytest.param(421, {"Host": "evil.example"}, id="foreign Host"),
        pytest.param(403, {"Origin": "https://evil.example"}, id="foreign Origin"),
    ],
)
@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "HEAD", "CONNECT", "say"])
def test_other_methods_are_refused_like_everything_else(
    bridge: Bridge, method: str, status: int, changes: dict[str, str]
) -> None:
    response, data = ask(bridge, method, "/rpc", **changes)
    assert response.status == status
    assert data == b""
    assert response.headers["Allow"] == ("GET, POST" if status == 405 else None)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("path", ["/", "/app.js", "/events"])
@pytest.mark.parametrize(
    ("status", "changes"),
    [
        pytest.param(421, {"Host": "evil.example"}, id="foreign Host"),
        pytest.param(421, {"Host": None}, id="no Host"),
        pytest.param(403, {"Origin": "https://evil.example"}, id="foreign Origin"),
    ],
)
def test_reading_is_refused_to_strangers_too(
    bridge: Bridge, path: str, status: int, changes: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    response, data = ask(bridge, "GET", path, **changes)
    assert response.status == status
    assert data == b""
    assert "refused" in caplog.text
    assert bridge.token not in caplog.text
    assert "evil" not in caplog.text


@pytest.mark.parametrize(
    ("status", "sent"),
    [
        pytest.param(400, b"GET\r\n\r\n", id="half a line"),
        pytest.param(400, b"GET / XTTP/1.1\r\n\r\n", id="another protocol"),
        pytest.param(505, b"GET / HTTP/2.0\r\n\r\n", id="another version"),
        pytest.param(414, b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", id="endless path"),
        pytest.param(431, b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", id="endless head"),
    ],
)
def test_what_is_no_http_is_answered_by_us(
    bridge: Bridge, status: int, sent: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", bridge._server.server_port), 2) as stranger:
        stranger.sendall(sent)
        answer = http.client.HTTPResponse(stranger)
        answer.begin()
    assert answer.status == status
    assert answer.headers["Content-Length"] == "0"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert capfd.readouterr().err == ""


def read_events(bridge: Bridge, last: str, count: int) -> tuple[int, list[str]]:
    connection = http.client.HTTPConnection("127.0.0.1", int(bridge.netloc.rsplit(":")[-1]), timeout=5)
    headers = {"Host": bridge.netloc, "Authorization": f"Bearer {bridge.token}", "Last-Event-ID": last}
    connection.request("GET", "/events", headers=headers)
    response = connection.getresponse()
    blocks = []
    if response.status == 200:
        block = b""
        while len(blocks) < count:
            line = response.readline()
            if line == b"\n":
                blocks.append(block.decode())
                block = b""
            else:
                block += line
    connection.close()
    return response.status, blocks


def test_event_stream_greets_replays_and_follows(bridge: Bridge) -> None:
    first = bridge.bus.publish("show", 1)
    bridge.bus.publish("ukeys", {"x": "签章 \ud83d"})
    # The program's own business.
    bridge.bus.publish("busy", {"on": True})
    threading.Timer(0.2, lambda: bridge.bus.publish("network")).start()
    status, blocks = read_events(bridge, str(first), 3)
    assert status == 200
    assert blocks[0] == f'event: hello\ndata: {{"boot": "{bridge.bus.boot}"}}\n'
    number, data = blocks[1].splitlines()
    assert number == f"id: {first + 1}"
    assert json.loads(data.removeprefix("data: ")) == {"topic": "ukeys", "data": {"x": "签章 \ud83d"}}
    assert blocks[2] == f'id: {first + 3}\ndata: {{"topic": "network", "data": null}}\n'


def test_the_page_is_told_the_topics_of_its_contract() -> None:
    types = Path(__file__).parents[2] / "frontend" / "types"
    topics: set[str] = set()
    for file in types.glob("*.d.ts"):
        for text in re.findall(r"export interface \w*Topics [^{]*\{(.*?)^\}", file.read_text("utf-8"), re.M | re.S):
            topics |= set(re.findall(r'^  "([a-z_.]+)":', text, re.MULTILINE))
    assert topics == PAGE_TOPICS


@pytest.mark.parametrize("last", ["999", "", "x", "-1", "1" * 40])
def test_a_page_of_another_run_is_sent_to_the_snapshot(bridge: Bridge, last: str) -> None:
    assert read_events(bridge, last, 1)[0] == 409


def test_it_listens_on_loopback_only(bridge: Bridge) -> None:
    port = bridge._server.server_port
    assert bridge._server.server_address[0] == "127.0.0.1"
    with socket.socket(socket.AF_INET) as other:
        other.settimeout(1)
        with pytest.raises(OSError):
            other.connect(("127.0.0.2", port))


def test_a_call_before_the_services_are_built_waits_for_them(tmp_path: Path) -> None:
    early = Bridge(tmp_path, EventBus())
    early.start()
    rpc = Rpc({"say": Method(models.Nothing, lambda _: Said(text="好"))})
    threading.Timer(0.3, lambda: early.attach(rpc)).start()
    assert call(early, "say")["result"] == {"text": "好"}
    early.close()


def test_the_token_is_in_the_fragment_only(bridge: Bridge) -> None:
    before, _, fragment = bridge.url.partition("#")
    assert bridge.token not in before
    assert fragment == f"t={bridge.token}"
    assert len(bridge.token) >= 43


def test_several_calls_on_one_connection(bridge: Bridge) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", bridge._server.server_port, timeout=5)
    for number in range(3):
        body = json.dumps({"method": "say", "params": {}, "id": number})
        headers = {"Authorization": f"Bearer {bridge.token}", "Content-Type": "application/json"}
        connection.request("POST", "/rpc", body, headers)
        assert json.loads(connection.getresponse().read())["id"] == number
    connection.close()
