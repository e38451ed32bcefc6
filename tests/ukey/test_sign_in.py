"""Signing in: at the real service with a real practice Ukey, and against services that answer wrongly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.certificate import pki
from tests.conftest import Practice
from xieka.app import App, start_tokens
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.core.http import Http
from xieka.core.http_errors import RefusedError
from xieka.core.secret import Secret
from xieka.ukey.sign_in import SignIn
from xieka_demo.online import PracticeService


@pytest.fixture
def app(practice: Practice, service: PracticeService) -> Iterator[App]:
    bus = EventBus()
    app = App(practice.folders, bus, start_tokens(practice.folders, bus), {})
    assert app.tokens.wait_first(20)
    yield app
    app.close()


def test_with_the_practice_ukeys_at_the_practice_service(app: App) -> None:
    assert app.service.url is not None
    door = SignIn(app.http, app.service.url)
    for ukey in app.ukeys.state().tokens:
        with pytest.raises(XiekaError) as wrong:
            app.ukeys.sign_in(ukey.id, Secret("654321"), door)
        assert wrong.value.code.startswith("E-PIN-01")
        bearer = app.ukeys.sign_in(ukey.id, Secret("123456"), door)
        assert bearer.token not in repr(bearer)
        who = app.http.get(f"{app.service.url}/v1/auth/session", limit=4096, bearer=bearer.token).json()
        assert who["subject"] == ukey.holder
        assert who["fingerprint"] == bearer.fingerprint.hex()
        door.close(bearer)
        with pytest.raises(RefusedError) as ended:
            app.http.get(f"{app.service.url}/v1/auth/session", limit=4096, bearer=bearer.token)
        assert ended.value.problem == "auth.session"


@pytest.fixture(scope="module")
def certificate(built_practice: Practice) -> bytes:
    bus = EventBus()
    app = App(built_practice.folders, bus, start_tokens(built_practice.folders, bus), {})
    try:
        assert app.tokens.wait_first(20)
        return app.ukeys.signing_certificate(app.ukeys.state().tokens[0].id)
    finally:
        app.close()


class Wrong:
    """A service on the loopback interface whose answers a test sets: path → status, body."""

    def __init__(self) -> None:
        answers: dict[str, tuple[int, bytes]] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                status, body = answers[self.path]
                self.send_response(status)
                kind = "application/json" if status < 300 else "application/problem+json"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.answers = answers
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.challenge()
        self.session(201, {"token": "t" * 43, "expires_at": "2026-11-28T09:30:00Z", "subject": "示例"})

    def challenge(self, status: int = 201, **changed: object) -> None:
        good = {"nonce": "n" * 43, "audience": self.url, "purpose": "session", "expires_in": 120}
        self.answers["/v1/auth/challenges"] = (status, json.dumps({**good, **changed}).encode())

    def session(self, status: int, body: object) -> None:
        self.answers["/v1/auth/sessions"] = (status, json.dumps(body).encode())


@pytest.fixture
def wrong() -> Iterator[Wrong]:
    wrong = Wrong()
    yield wrong
    wrong.server.shutdown()
    wrong.server.server_close()


def problem(code: str, status: int = 401) -> Callable[[Wrong], None]:
    return lambda w: w.session(status, {"code": code, "title": "", "status": status})


CASES: dict[str, tuple[Callable[[Wrong], Any], str, int]] = {
    # what is wrong: how, the error, how often the 口令 was presented
    "a relayed challenge": (lambda w: w.challenge(audience="https://other.example"), "E-AUT-01", 0),
    "another port": (lambda w: w.challenge(audience="http://127.0.0.1:1"), "E-AUT-01", 0),
    "another purpose": (lambda w: w.challenge(purpose="confirm"), "E-NET-03", 0),
    "a short nonce": (lambda w: w.challenge(nonce="n" * 42), "E-NET-03", 0),
    "a nonce with a quote": (lambda w: w.challenge(nonce='"' * 43), "E-NET-03", 0),
    "no JSON": (lambda w: w.answers.update({"/v1/auth/challenges": (201, b"[")}), "E-NET-03", 0),
    "too many challenges": (lambda w: w.challenge(429), "E-NET-12", 0),
    "broken down before": (lambda w: w.challenge(500), "E-NET-03", 0),
    "an authority it does not know": (problem("auth.certificate_untrusted"), "E-AUT-02", 1),
    "an expired certificate": (problem("auth.certificate_dates"), "E-AUT-02", 1),
    "a challenge that ran out": (problem("auth.challenge"), "E-AUT-03", 1),
    "a signature it does not like": (problem("auth.assertion"), "E-AUT-03", 1),
    "broken down after": (problem("service.error", 500), "E-NET-03", 1),
    "a token that is none": (lambda w: w.session(201, {"token": "x"}), "E-NET-03", 1),
}


@pytest.mark.parametrize("name", CASES)
def test_the_pin_is_presented_at_most_once_and_only_for_this_service(
    wrong: Wrong, certificate: bytes, name: str
) -> None:
    how, code, presented = CASES[name]
    how(wrong)
    signed: list[bytes] = []

    def sign(data: bytes) -> bytes:
        signed.append(data)
        return b"signature"

    with pytest.raises(XiekaError) as error:
        SignIn(Http(allow_loopback_http=True), wrong.url).open(certificate, sign)
    assert error.value.code == code
    assert len(signed) == presented


def test_an_sm2_key_signs_once_and_a_signature_that_is_none_goes_nowhere(wrong: Wrong) -> None:
    certificate = pki.holder(pki.issuing(pki.root("sm2")))
    wrong.answers.pop("/v1/auth/sessions")
    signed: list[bytes] = []
    with pytest.raises(XiekaError) as error:
        SignIn(Http(allow_loopback_http=True), wrong.url).open(certificate, lambda data: signed.append(data) or b"none")
    assert error.value.code == "E-SIG-07"
    assert [data[:1] for data in signed] == [b"\x31"]


def test_a_certificate_whose_key_cannot_sign_costs_nothing(wrong: Wrong) -> None:
    with pytest.raises(XiekaError) as error:
        SignIn(Http(allow_loopback_http=True), wrong.url).open(b"no certificate", lambda _: pytest.fail("signed"))
    assert error.value.code == "E-SIG-04"
