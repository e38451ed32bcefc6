"""The practice Ukeys get real answers about their certificates: the command line, the page's method, the service."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.cli.command import xieka
from tests.conftest import SAMPLES, Practice
from xieka.app import App, start_tokens
from xieka.bridge import methods
from xieka.bridge.shell import BrowserShell
from xieka.core.events import EventBus
from xieka_demo.online import PracticeService


def check(practice: Practice, *more: str) -> tuple[int, Any]:
    done = xieka(practice, "certificate", "check", *more, "--json")
    return done.returncode, json.loads(done.stdout)


def test_good_revoked_and_good_again(practice: Practice, service: PracticeService) -> None:
    first, second = (ukey.serial for ukey in practice.demo.status())
    for role in ("signing", "encryption"):
        code, told = check(practice, "--token", first, "--role", role)
        assert (code, told["verdict"], told["level"]) == (0, "good", "ok")
        assert told["revocation"]["source"] == f"{service.url}/ca/ocsp"
        assert [entry["anchor"] for entry in told["path"]] == [False, False, True]
    practice.demo.revoke(1)
    code, told = check(practice, "--token", first)
    assert (code, told["verdict"]) == (0, "good"), "the answer of before still counts"
    code, told = check(practice, "--token", first, "--fresh")
    assert (code, told["verdict"], told["revocation"]["reason"]) == (3, "revoked", "密钥泄露")
    assert check(practice, "--token", second)[0] == 0
    text = xieka(practice, "certificate", "check", "--token", first).stdout
    assert "证书已被吊销，不能再用" in text
    assert "练习根 CA" in text
    practice.demo.reset()
    # A later word counts, and the answers of a responder count seconds.
    time.sleep(1)
    assert check(practice, "--token", first, "--fresh")[1]["verdict"] == "good"


def test_the_service_is_away(practice: Practice) -> None:
    service = PracticeService(practice.folders)
    service.prepare()
    assert not service.running()
    first = practice.demo.status()[0].serial
    code, told = check(practice, "--token", first)
    assert (code, told["verdict"]) == (4, "unreachable")


def test_the_pages_method_and_its_event(practice: Practice, service: PracticeService) -> None:
    bus = EventBus()
    told: list[Any] = []
    bus.on("certificate.trust", told.append)
    app = App(practice.folders, bus, start_tokens(practice.folders, bus), {})
    try:
        assert app.tokens.wait_first(20)
        rpc = methods.build(app, BrowserShell())
        token = app.ukeys.state().tokens[0].id
        ask = {"method": "certificate.trust", "params": {"token": token, "role": "signing"}, "id": 1}
        first: Any = rpc.dispatch(ask)["result"]
        assert (first["verdict"], first["checking"]) == ("checking", True)
        until = time.monotonic() + 20
        while not told and time.monotonic() < until:
            time.sleep(0.02)
        assert (told[0]["verdict"], told[0]["sha256"]) == ("good", first["sha256"])
        second: Any = rpc.dispatch(ask)["result"]
        assert (second["verdict"], second["checking"]) == ("good", False)
        wrong = {"method": "certificate.trust", "params": {"token": token, "role": "signing", "fresh": "x"}, "id": 2}
        assert "error" in rpc.dispatch(wrong)
        assert app._any_ukey()
        for ukey in practice.demo.status():
            practice.demo.unplug(ukey.number)
        app.refresh()
        assert not app._any_ukey(), "what ends is not asked for again while the Ukey is away"
    finally:
        app.close()


def test_a_real_authority_is_a_stranger_in_practice(built_practice: Practice) -> None:
    code, told = check(built_practice, str(SAMPLES / "certs" / "SHECA_G2.der"))
    assert (code, told["verdict"]) == (3, "untrusted")
