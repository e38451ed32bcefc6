"""Signing in as it should go, and sessions to their end."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.service.auth import pki
from tests.service.auth.stage import AUDIENCE, Stage
from xieka_service.auth import challenges, sessions
from xieka_service.auth.tables import challenges as challenge_table
from xieka_service.auth.tables import sessions as session_table


@pytest.mark.parametrize("rsa", [True, False], ids=["RS256", "ES256"])
def test_a_holder_signs_in_and_out(stage: Stage, rsa: bool) -> None:
    holder = stage.issuing.issue(pki.holder(rsa=rsa))
    reply = stage.client.post("/v1/auth/sessions", json={"assertion": stage.assertion(holder)})
    assert reply.status_code == 201
    session = reply.json()
    assert session["subject"] == "上海沪申示例贸易有限公司"
    assert datetime.fromisoformat(session["expires_at"]) == pki.NOW + timedelta(minutes=30)
    status, who = stage.who(session["token"])
    assert status == 200
    assert who == {
        "subject": "上海沪申示例贸易有限公司",
        "uscc": pki.USCC,
        "fingerprint": hashlib.sha256(holder.der).hexdigest(),
        "expires_at": session["expires_at"],
    }
    bearer = {"Authorization": f"Bearer {session['token']}"}
    assert stage.client.delete("/v1/auth/session", headers=bearer).status_code == 204
    assert stage.who(session["token"])[1]["code"] == "auth.session"


def test_a_challenge_says_what_to_sign(stage: Stage) -> None:
    challenge = stage.challenge()
    assert challenge == {
        "nonce": challenge["nonce"], "audience": AUDIENCE, "purpose": "session", "expires_in": 120
    }  # fmt: skip
    assert stage.challenge()["nonce"] != challenge["nonce"]


def test_the_chain_may_come_with_the_assertion(stage: Stage) -> None:
    for file in stage.parts.config.intermediates.iterdir():
        file.unlink()
    assert stage.answer(stage.assertion()) == (401, "auth.certificate_untrusted")
    assert stage.answer(stage.assertion(stage.holder, stage.issuing)) == (201, "")
    assert stage.answer(stage.assertion(stage.holder, stage.issuing, stage.root)) == (201, "")


def test_an_anchor_counts_from_the_moment_it_lies_there(stage: Stage) -> None:
    other = pki.self_signed(pki.authority("另一根 CA", 7))
    holder = other.issue(pki.holder())
    assert stage.answer(stage.assertion(holder)) == (401, "auth.certificate_untrusted")
    (stage.parts.config.trust / "另一.pem").write_bytes(other.certificate.public_bytes(pki.serialization.Encoding.PEM))
    (stage.parts.config.trust / "不是证书.txt").write_text("readme")
    (stage.parts.config.trust / "断链").symlink_to("nowhere")
    assert stage.answer(stage.assertion(holder)) == (201, "")
    assert stage.answer(stage.assertion()) == (201, ""), "the other anchors still count"


def test_a_session_ends_with_its_certificate(stage: Stage) -> None:
    ends = pki.NOW + timedelta(minutes=5)
    holder = stage.issuing.issue(pki.holder(ends=ends))
    reply = stage.client.post("/v1/auth/sessions", json={"assertion": stage.assertion(holder)})
    assert datetime.fromisoformat(reply.json()["expires_at"]) == ends


def _time_passes(stage: Stage, _token: str) -> None:
    stage.clock.forward(1800)


def _ended(stage: Stage, token: str) -> None:
    stage.client.delete("/v1/auth/session", headers={"Authorization": f"Bearer {token}"})


def _revoked(stage: Stage, _token: str) -> None:
    with stage.parts.database.write() as connection:
        fingerprint = hashlib.sha256(stage.holder.der).digest()
        assert sessions.revoke_certificate(connection, b"\0" * 32, stage.clock.now()) == 0
        assert sessions.revoke_certificate(connection, fingerprint, stage.clock.now()) == 1


def _all_revoked(stage: Stage, _token: str) -> None:
    with stage.parts.database.write() as connection:
        assert sessions.revoke_all(connection, stage.clock.now()) == 1


ENDS = [
    pytest.param(_time_passes, "_current", id="after-30-minutes"),
    pytest.param(_ended, "_unrevoked", id="signed-out"),
    pytest.param(_revoked, "_unrevoked", id="certificate-revoked-by-the-operator"),
    pytest.param(_all_revoked, "_unrevoked", id="all-revoked-by-the-operator"),
]


@pytest.mark.parametrize(("end", "check"), ENDS)
def test_a_session_that_has_ended_opens_nothing(
    stage: Stage, end: Callable[[Stage, str], None], check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = stage.token()
    assert stage.who(token)[0] == 200
    end(stage, token)
    assert stage.who(token)[1]["code"] == "auth.session"
    monkeypatch.setattr(sessions, check, lambda *_: session_table.c.token_sha256.is_not(None))
    assert stage.who(token)[0] == 200, "without its check the ended session opens again: the check is what ends it"


@pytest.mark.parametrize(
    "authorization",
    ["Bearer " + "A" * 43, "Bearer ", "Bearer", "Basic dXNlcjpwYXNz", "Bearer \u00e4\u00f6".encode("latin-1"), b"\xff"],
)
def test_other_bearers_open_nothing(stage: Stage, authorization: str | bytes) -> None:
    stage.token()
    reply = stage.client.get("/v1/auth/session", headers={"Authorization": authorization})  # type: ignore[dict-item]
    assert (reply.status_code, reply.json()["code"]) == (401, "auth.session")
    assert reply.headers["www-authenticate"] == "Bearer"


def test_the_database_holds_neither_nonce_nor_token(stage: Stage) -> None:
    nonce = stage.challenge()["nonce"]
    token = stage.token()
    with stage.parts.database.read() as connection:
        rows = [*connection.execute(select(challenge_table)), *connection.execute(select(session_table))]
    assert len(rows) == 3
    for secret in (nonce, token):
        assert all(secret not in repr(tuple(row)) for row in rows)


def test_what_is_over_is_purged_and_the_rest_stays(stage: Stage) -> None:
    stage.challenge()
    ended, running = stage.token(), stage.token()
    _ended(stage, ended)
    stage.clock.forward(121)
    stage.challenge()
    with stage.parts.database.write() as connection:
        challenges.purge(connection, stage.clock.now())
        sessions.purge(connection, stage.clock.now())
    with stage.parts.database.read() as connection:
        assert len(connection.execute(select(challenge_table)).all()) == 1
        assert len(connection.execute(select(session_table)).all()) == 1
    assert stage.who(running)[0] == 200


def test_sessions_per_certificate_are_limited(stage: Stage) -> None:
    answers = [stage.answer(stage.assertion()) for _ in range(12)]
    assert answers == [(201, "")] * 10 + [(429, "request.rate")] * 2
    other = stage.issuing.issue(pki.holder("另一家公司"))
    assert stage.answer(stage.assertion(other)) == (201, "")
