"""Every attack of the table is refused; without the check that refuses it, it succeeds. And what two do at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.service.registration.attacks import ATTACKS, Attack
from tests.service.registration.guest import Guest
from xieka.contract.registration import RECORDS_LIMIT

TABLE = [pytest.param(attack, id=name) for name, attack in ATTACKS.items()]


@pytest.mark.parametrize("attack", TABLE)
def test_the_attack_is_refused(guest: Guest, attack: Attack) -> None:
    reply = attack.ask(guest)
    assert (reply.status_code, reply.json()["code"]) == (attack.status, attack.code)
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("attack", TABLE)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_without_its_check_the_attack_succeeds(guest: Guest, attack: Attack, monkeypatch: pytest.MonkeyPatch) -> None:
    attack.without(monkeypatch)
    reply = attack.ask(guest)
    assert reply.status_code in (200, 201, 204), reply.text


def at_once(count: int, ask: Callable[[int], httpx.Response]) -> list[int]:
    with ThreadPoolExecutor(count) as pool:
        return sorted(reply.status_code for reply in pool.map(ask, range(count)))


def test_of_many_exchanges_of_one_code_one_wins(guest: Guest) -> None:
    code = guest.code()
    assert at_once(8, lambda _: guest.enter(code)) == [200] + [403] * 7


def test_one_visit_submits_once_however_often_at_once(guest: Guest) -> None:
    cookie = guest.visit()
    assert at_once(8, lambda _: guest.submit(cookie)) == [201] + [409] * 7
    assert len(guest.records()) == 1


def test_no_more_are_kept_than_may_be_however_many_come_at_once(guest: Guest) -> None:
    for _ in range(RECORDS_LIMIT - 2):
        guest.stage.clock.forward(60)
        assert guest.submit().status_code == 201
    guest.stage.clock.forward(600)
    cookies = [guest.visit() for _ in range(6)]
    assert at_once(6, lambda number: guest.submit(cookies[number])) == [201, 201, 409, 409, 409, 409]
    assert len(guest.records()) == RECORDS_LIMIT


@pytest.mark.parametrize(
    "statement", ["UPDATE registration_consents SET given = NOT given", "DELETE FROM registration_consents"]
)
def test_consents_are_only_added_to(guest: Guest, statement: str) -> None:
    guest.submit()
    database = guest.stage.parts.database
    with pytest.raises(DBAPIError, match="is only added to"), database.write() as connection:
        connection.execute(text(statement))


def test_a_certificate_opens_only_so_many_pages_and_may_sign_in_all_the_same(guest: Guest) -> None:
    assert [guest.opening().status_code for _ in range(11)] == [201] * 10 + [429]
    assert guest.session()
