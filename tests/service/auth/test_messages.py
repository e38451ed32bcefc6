"""Signing in with SM2: every attack of the table is refused; without the check that refuses it, it succeeds."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.certificate.test_signed_data import make
from tests.service.auth import sm2
from tests.service.auth.message_attacks import ATTACKS, Attack
from tests.service.auth.sm2 import HOLDER, ISSUING, ROOT, answer, content, edited, message, proof
from tests.service.auth.stage import Stage
from xieka.contract.auth import MESSAGE_LIMIT, AssertionClaims
from xieka.gm import encoding, private
from xieka.gm.libcrypto import KEY_INFO
from xieka.ukey.proof import form

# The database's part is the same for both forms of proof: attacks.py tries it on either.
pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
TABLE = [pytest.param(attack, id=name) for name, attack in ATTACKS.items()]


@pytest.fixture(autouse=True)
def trusting(stage: Stage) -> None:
    sm2.trust(stage)


def test_a_holder_signs_in(stage: Stage) -> None:
    reply = stage.client.post("/v1/auth/sessions", json=proof(stage))
    assert reply.status_code == 201, reply.text
    status, who = stage.who(reply.json()["token"])
    assert (status, who["subject"], who["uscc"]) == (200, "上海沪申示例贸易有限公司", "91310115MA1K00007Q")
    assert who["fingerprint"] == hashlib.sha256(HOLDER.der).hexdigest()


def test_the_chain_may_come_with_the_message(stage: Stage) -> None:
    (stage.parts.config.intermediates / "sm2.cer").unlink()
    assert stage.prove(proof(stage)) == (401, "auth.certificate_untrusted")
    assert stage.prove(proof(stage, HOLDER, ISSUING.der)) == (201, "")
    assert stage.prove(proof(stage, HOLDER, ISSUING.der, ROOT.der)) == (201, "")


@pytest.mark.parametrize("raw", [False, True], ids=["der", "r-and-s"])
def test_the_clients_own_proof_by_a_key_of_libcrypto(stage: Stage, raw: bool) -> None:
    """As a Ukey will give it, which signs what it is given and nothing else."""
    key = private.generate()
    der = sm2.certified(KEY_INFO + key.public)
    unsigned = form(der)(AssertionClaims.model_validate(stage.claims()))
    signature = key.sign(unsigned.to_sign)
    if raw:
        signature = b"".join(number.to_bytes(32) for number in encoding.signature(signature))
    assert stage.prove(unsigned.signed(signature)) == (201, "")


@pytest.mark.parametrize("attack", TABLE)
def test_refused_and_not_without_its_check(stage: Stage, attack: Attack, monkeypatch: pytest.MonkeyPatch) -> None:
    given = attack.answer(stage)
    assert stage.prove(given) == (401, attack.code)
    attack.without(monkeypatch)
    assert stage.prove(given) == (201, "")


def test_what_is_no_message_is_refused(stage: Stage) -> None:
    text = content(stage)
    detached = edited(message(text), lambda signed: signed.__setitem__("content", {"type": signed["content"]["type"]}))
    nothing = [
        b"", b"\x30\x00", b"text", HOLDER.der, detached, message(text)[:-1], message(b"[" * 9000), message(b"\xff"),
        message(b"[]"), make(text, kind="1.2.840.113549.1.7.2"), make(text, inner="1.2.840.113549.1.7.1"),
        make(text, certificates=()), b"\x30\x80" + message(text)[4:] + b"\0\0",
    ]  # fmt: skip
    for der in nothing:
        expected = (422, "request.invalid") if not der else (401, "auth.assertion")
        assert stage.prove(answer(der)) == expected, der[:40]
    assert stage.prove({"signed_data": "!" * 40}) == (401, "auth.assertion")
    assert stage.prove({"signed_data": "字" * 40}) == (401, "auth.assertion")
    assert stage.prove(answer(message(text))) == (201, ""), "nothing of it has used the challenge up"


def test_one_proof_and_only_one(stage: Stage) -> None:
    both = {**proof(stage), "assertion": stage.assertion()}
    for body in ({}, both, {"signed_data": None}, {"signed_data": "A" * (MESSAGE_LIMIT + 1)}):
        assert stage.prove(body) == (422, "request.invalid")


def test_the_longest_chain_fits(stage: Stage) -> None:
    der = base64.b64decode(proof(stage, HOLDER, ISSUING.der, ROOT.der)["signed_data"])
    assert len(der) * 2 < MESSAGE_LIMIT * 3 // 4
