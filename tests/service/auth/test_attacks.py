"""Every attack of the table is refused; without the check that refuses it, it succeeds."""

from __future__ import annotations

import pytest

from tests.service.auth import attacks, certificate_attacks, pki
from tests.service.auth.certificate_attacks import take_back
from tests.service.auth.stage import Stage, header, jws
from tests.service.auth.switches import Attack
from xieka.contract.auth import ASSERTION_LIMIT

TABLE = [pytest.param(attack, id=name) for name, attack in (attacks.ATTACKS | certificate_attacks.ATTACKS).items()]


@pytest.mark.parametrize("attack", TABLE)
def test_the_attack_is_refused(stage: Stage, attack: Attack) -> None:
    answer = attack.answer(stage)
    assert stage.answer(answer) == (401, attack.code)


@pytest.mark.parametrize("attack", TABLE)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_without_its_check_the_attack_succeeds(stage: Stage, attack: Attack, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = attack.answer(stage)
    attack.without(monkeypatch)
    assert stage.answer(answer) == (201, "")


def test_a_revocation_that_cannot_be_read_is_not_taken_for_none(stage: Stage) -> None:
    take_back(stage)
    (record,) = (stage.parts.config.data / "ca" / "revoked").iterdir()
    record.write_bytes(b"{")
    assert stage.answer(stage.assertion()) == (500, "service.error")


def test_a_refused_answer_does_not_use_the_challenge_up(stage: Stage) -> None:
    claims = stage.claims()
    good = jws(stage.holder.key, header(stage.holder), claims)
    for bad in (good[:-4] + "AAAA", jws(pki.rsa_key(99), header(stage.holder), claims)):
        assert stage.answer(bad) == (401, "auth.assertion")
    assert stage.answer(good) == (201, "")


def test_longer_than_the_limit_is_not_looked_at(stage: Stage) -> None:
    assert stage.answer("." * ASSERTION_LIMIT) == (401, "auth.assertion")
    assert stage.answer("." * (ASSERTION_LIMIT + 1)) == (422, "request.invalid")
