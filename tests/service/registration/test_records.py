"""From the opened page to the deleted record, on both databases."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, select

from tests.service.auth import pki
from tests.service.auth.stage import AUDIENCE
from tests.service.registration.guest import CONTACT, DETAILS, Guest
from xieka.contract.registration import CODE_SECONDS, NOTICE_VERSION, VISIT_SECONDS
from xieka_service.config import Config
from xieka_service.registration import consents as consents_room
from xieka_service.registration import visits as visits_of
from xieka_service.registration.jobs import jobs
from xieka_service.registration.tables import consents, erasures, keys, registrations, visits


def count(guest: Guest, table: Table) -> int:
    with guest.stage.parts.database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def consented(guest: Guest) -> list[tuple[str, bool]]:
    with guest.stage.parts.database.read() as connection:
        rows = connection.execute(select(consents).order_by(consents.c.number)).all()
    return [(row.purpose, row.given) for row in rows]


def work(guest: Guest) -> None:
    for job in jobs(guest.stage.parts):
        job.run(guest.stage.clock.now())


def test_a_code_becomes_the_cookie_of_one_visit(guest: Guest) -> None:
    opening = guest.opening()
    assert opening.status_code == 201
    assert opening.json()["expires_in"] == CODE_SECONDS
    reply = guest.enter(opening.json()["code"])
    assert reply.json() == {
        "subject": pki.ORGANISATION, "notice": NOTICE_VERSION, "submitted": False, "operator": "示例运营者",
        "operator_contact": "privacy@example.com", "practice": False,
    }  # fmt: skip
    cookie, *attributes = reply.headers["set-cookie"].split("; ")
    assert sorted(attributes) == sorted(
        ["HttpOnly", f"Max-Age={VISIT_SECONDS}", "Path=/register", "SameSite=strict", "Secure"]
    )
    token = cookie.partition("=")[2]
    assert guest.look(token).json() == reply.json()
    assert reply.headers["cache-control"] == "no-store"
    with guest.stage.parts.database.read() as connection:
        stored = connection.execute(select(visits)).mappings().one()
    assert not {token, opening.json()["code"]} & {str(value) for value in stored.values()}


def test_what_is_submitted_is_what_is_kept(guest: Guest) -> None:
    cookie = guest.visit()
    assert guest.submit(cookie, form={"purposes": ["survey", "information"]}).json()["submitted"] is True
    assert guest.look(cookie).json()["submitted"] is True
    (record,) = guest.records()
    now = pki.NOW.isoformat().replace("+00:00", "Z")
    ends = (pki.NOW + 360 * pki.DAY).isoformat().replace("+00:00", "Z")
    assert record == {
        **DETAILS, "purposes": ["survey", "information"], "id": record["id"], "notice": NOTICE_VERSION,
        "submitted_at": now, "corrected_at": None, "keep_until": ends,
    }  # fmt: skip
    assert consented(guest) == [("information", True), ("survey", True)]


def test_the_same_key_again_is_the_same_submission(guest: Guest) -> None:
    cookie, form = guest.visit(), {"key": str(uuid.uuid4())}
    assert [guest.submit(cookie, form=form).status_code for _ in range(3)] == [201] * 3
    assert count(guest, registrations) == count(guest, keys) == 1
    # A key belongs to the visit that used it.
    assert guest.submit(form=form).json()["code"] == "registration.submitted"
    assert count(guest, registrations) == 1


def test_correcting_changes_the_record_and_adds_consents(guest: Guest) -> None:
    guest.submit(form={"purposes": ["statistics", "survey"]})
    before = sealed(guest)
    guest.stage.clock.forward(60)
    reply = guest.correct(guest.records()[0]["id"], email=None, purposes=["survey", "information"])
    (record,) = guest.records()
    assert reply.json() == record
    assert (record["email"], record["purposes"]) == (None, ["survey", "information"])
    assert record["corrected_at"] > record["submitted_at"]
    assert consented(guest) == [("statistics", True), ("survey", True), ("information", True), ("statistics", False)]
    # Under a new key: what stood there before is as gone as a deleted record.
    assert not set(before) & set(sealed(guest))
    assert count(guest, erasures) == 1


def test_a_new_purpose_needs_the_notice_in_force(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    guest.submit(form={"purposes": ["statistics", "survey"]})
    monkeypatch.setattr(consents_room, "NOTICE_VERSION", "2030-01-01")
    record = guest.records()[0]["id"]
    reply = guest.correct(record, purposes=["statistics", "information"])
    assert (reply.status_code, reply.json()["code"]) == (409, "registration.notice")
    assert guest.records()[0]["purposes"] == ["statistics", "survey"], "nothing has changed"
    # To withdraw, and to correct the rest, needs no reading.
    assert guest.correct(record, contact="李会计", purposes=["survey"]).status_code == 200
    assert guest.records()[0]["purposes"] == ["survey"]


def sealed(guest: Guest) -> list[bytes]:
    with guest.stage.parts.database.read() as connection:
        return [*connection.execute(select(keys.c.wrapped)).scalars(), *connection.execute(
            select(registrations.c.sealed)).scalars()]  # fmt: skip


def test_deleting_leaves_the_consents_and_their_withdrawal(guest: Guest) -> None:
    guest.submit()
    identifier = guest.records()[0]["id"]
    assert [guest.remove(identifier).status_code for _ in range(2)] == [204, 404]
    assert guest.records() == []
    assert count(guest, registrations) == count(guest, keys) == 0
    assert consented(guest) == [("statistics", True), ("statistics", False)]


def test_it_can_be_deleted_without_the_key(guest: Guest) -> None:
    guest.submit()
    identifier = guest.records()[0]["id"]
    (guest.stage.parts.config.keys / "registration.key").write_bytes(b"x" * 32)
    reply = guest.stage.client.get("/v1/registrations", headers=guest.session())
    assert (reply.status_code, reply.json()["code"]) == (503, "registration.key")
    assert guest.remove(identifier).status_code == 204


def test_everyone_sees_their_own(guest: Guest) -> None:
    other = guest.other()
    guest.submit()
    other.submit(form={"contact": "李会计"})
    assert [record["contact"] for record in guest.records()] == [CONTACT]
    assert [record["contact"] for record in other.records()] == ["李会计"]


def test_without_a_session_there_is_nothing(guest: Guest) -> None:
    client = guest.stage.client
    path = f"/v1/registrations/{uuid.uuid4()}"
    for reply in (client.get("/v1/registrations"), client.put(path, json=DETAILS), client.delete(path)):
        assert (reply.status_code, reply.json()["code"]) == (401, "auth.session")


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"purposes": []}, id="no-purpose"),
        pytest.param({"purposes": ["survey", "survey"]}, id="a-purpose-twice"),
        pytest.param({"purposes": ["advertising"]}, id="another-purpose"),
        pytest.param({"contact": " "}, id="no-name"),
        pytest.param({"contact": "王" * 41}, id="long-name"),
        pytest.param({"contact": "王\u202e小明"}, id="direction-changed"),
        pytest.param({"phone": "12345"}, id="no-phone"),
        pytest.param({"email": "nobody"}, id="no-address"),
        pytest.param({"identity": "310101"}, id="more-than-is-asked"),
    ],
)
def test_anything_else_is_not_kept(guest: Guest, form: dict[str, Any]) -> None:
    reply = guest.submit(form=form)
    assert (reply.status_code, reply.json()["code"]) == (422, "request.invalid")
    assert count(guest, registrations) == 0


@pytest.mark.parametrize("missing", ["operator", "operator_contact"])
def test_nobody_is_asked_by_somebody_unnamed(guest: Guest, missing: str) -> None:
    cookie, code = guest.visit(), guest.code()
    # Frozen for everybody else.
    object.__setattr__(guest.stage.parts.config, missing, "")
    for reply in (guest.opening(), guest.enter(code), guest.look(cookie), guest.submit(cookie)):
        assert (reply.status_code, reply.json()["code"]) == (503, "registration.closed")


def test_time_ends_visits_and_records(guest: Guest) -> None:
    guest.submit()
    guest.code()
    guest.stage.clock.forward(CODE_SECONDS)
    work(guest)
    assert count(guest, visits) == 1
    guest.stage.clock.forward(VISIT_SECONDS)
    work(guest)
    assert count(guest, visits) == 0
    guest.stage.clock.forward((timedelta(days=300) + visits_of.KEEP).total_seconds() - CODE_SECONDS - VISIT_SECONDS - 1)
    work(guest)
    assert count(guest, registrations) == 1
    guest.stage.clock.forward(1)
    work(guest)
    assert count(guest, registrations) == count(guest, keys) == count(guest, erasures) == 0
    assert consented(guest) == [("statistics", True), ("statistics", False)]


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        (AUDIENCE, AUDIENCE),
        ("https://service.example:443/", "https://service.example"),
        ("http://127.0.0.1:8443", "http://127.0.0.1:8443"),
        ("http://[::1]:80", "http://[::1]"),
        ("https://Service.Example/at/a/path", "https://service.example"),
    ],
)
def test_the_origin_is_what_a_browser_sends(address: str, origin: str, tmp_path: Any) -> None:
    assert Config(tmp_path, public_url=address).origin == origin
