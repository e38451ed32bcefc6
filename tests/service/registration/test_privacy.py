"""Log, counts and problems never hold what was sent, whatever goes wrong."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.service.auth.stage import AUDIENCE
from tests.service.client import TestClient
from tests.service.registration.guest import CONTACT, DETAILS, EMAIL, PHONE, Guest
from tests.service.server import running
from xieka.contract.registration import NOTICE_VERSION
from xieka_service.app import build
from xieka_service.http.log import FIELDS
from xieka_service.registration import consents

CANARIES = (CONTACT, PHONE, EMAIL)


@pytest.fixture
def told(guest: Guest, caplog: pytest.LogCaptureFixture) -> list[httpx.Response]:
    """The answers to look at; the log is complete."""
    # The test's own client logs what it asks.
    caplog.set_level("WARNING", logger="httpx")
    caplog.set_level("DEBUG")
    # As in the running service an error ends in an answer, not in the test.
    guest.stage.client.__exit__()
    guest.stage.client = TestClient(
        build(guest.stage.parts.config, guest.stage.parts), base_url=AUDIENCE, raise_server_exceptions=False
    ).__enter__()
    return []


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Every line with its fields."""
    return caplog.text + str([getattr(record, FIELDS, None) for record in caplog.records])


def failing(error: Exception) -> Any:
    def change(connection: Connection, *_: Any) -> None:
        raise error

    return change


def test_nothing_of_it_is_told(
    guest: Guest, told: list[httpx.Response], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie, code = guest.visit(), guest.code()
    told += [guest.submit(cookie, form={"contact": CONTACT * 20}), guest.submit(cookie, form={CONTACT: PHONE})]
    told += [guest.submit(cookie, form={"purposes": [CONTACT]}), guest.submit(CONTACT.encode().hex())]
    told += [guest.submit(cookie, form={"email": f"{CONTACT} {EMAIL}"}), guest.submit(cookie, Origin="https://evil")]
    told += [guest.enter(PHONE), guest.opening(CONTACT.encode()), guest.correct(PHONE)]
    assert all(reply.status_code >= 400 for reply in told)
    row = (CONTACT, PHONE, EMAIL)
    for error, status in (
        (OperationalError(CONTACT, row, Exception(f"Failing row contains {row}")), 503),
        (IntegrityError(CONTACT, row, Exception(f"Failing row contains {row}")), 500),
        (RuntimeError(DETAILS), 500),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(consents, "change", failing(error))
            reply = guest.submit(cookie)
            assert reply.status_code == status
            told.append(reply)
    told.append(guest.submit(cookie))
    assert told[-1].status_code == 201
    told.append(guest.stage.client.get("/metrics"))
    written = logged(caplog)
    for canary in (*CANARIES, cookie, code):
        assert canary not in written
        assert not any(canary in reply.text for reply in told)
    assert "/register/submissions" in written


def test_the_database_itself_refuses_and_tells_nothing(
    guest: Guest, told: list[httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    cookie = guest.visit()
    database = guest.stage.parts.database
    with database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE registration_keys RENAME TO away")
    try:
        reply = guest.submit(cookie)
    finally:
        with database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO registration_keys")
    assert reply.status_code >= 500
    for canary in (*CANARIES, cookie):
        assert canary not in logged(caplog) + reply.text


def test_the_log_of_a_real_process_holds_nothing_of_it(sqlite_url: str, tmp_path: Path) -> None:
    named = ("--operator", "示例运营者", "--operator-contact", "privacy@example.com", "--with-worker")
    with running(tmp_path / "data", sqlite_url, *named) as server:
        headers = {"Origin": server.url, "Cookie": f"xieka-visit={PHONE}", "Content-Type": "application/json"}
        assert server.get(f"/register?{PHONE}").status_code == 200
        form = {**DETAILS, "key": str(uuid.uuid4()), "notice": NOTICE_VERSION}
        answers = [
            httpx.post(f"{server.url}/register/submissions", json=form, headers=headers),
            httpx.post(f"{server.url}/register/submissions", json={**form, "contact": ""}, headers=headers),
            httpx.post(f"{server.url}/register/visit", json={"code": PHONE}, headers=headers),
            httpx.post(f"{server.url}/v1/registrations/openings", json={"certificate": "QUJD"}),
        ]
        assert [answer.status_code for answer in answers] == [403, 422, 422, 401]
        assert server.end() == 0
    written = server.log.read_text("utf-8")
    assert "/register/submissions" in written
    assert not [canary for canary in CANARIES if canary in written]
