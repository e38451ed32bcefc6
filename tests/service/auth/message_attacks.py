"""The attack table of signed messages: as attacks.py, for the second form of proof."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from asn1crypto.core import Null, OctetString, UTCTime
from cryptography import x509
from sqlalchemy import true

from tests.certificate import pki
from tests.certificate.test_signed_data import attribute, usual
from tests.service.auth import sm2
from tests.service.auth.pki import DAY, NOW
from tests.service.auth.sm2 import HOLDER, answer, content, edited, holder, message, proof
from tests.service.auth.stage import Stage
from tests.service.auth.switches import (
    ASSERTION,
    CHALLENGE,
    DATES,
    REVOKED,
    UNTRUSTED,
    USAGE,
    Without,
    all_of,
    any_name,
    any_signature,
    instead,
    lenient_claims,
    off,
    without_rules,
)
from xieka.certificate import signed_data
from xieka.certificate.models import Role
from xieka.certificate.trust.parsed import parse
from xieka.certificate.trust.rules import Rule
from xieka_service.auth import challenges, claims, proofs, strict
from xieka_service.auth import message as messages
from xieka_service.ca.embedded import PRACTICE_SM2, EmbeddedAuthority
from xieka_service.ca.port import Order, Profile, Subject
from xieka_service.ca.revoked import Revoked
from xieka_service.ca.suites import SM2


@dataclass(frozen=True)
class Attack:
    """`answer` makes the request's body; it may move the clock and use the stage as a client would."""

    answer: Callable[[Stage], dict[str, str]]
    code: str
    without: Without


def replay(stage: Stage) -> dict[str, str]:
    given = proof(stage)
    assert stage.prove(given) == (201, "")
    return given


def late(stage: Stage) -> dict[str, str]:
    given = proof(stage)
    stage.clock.forward(120)
    return given


def claimed(**changes: Any) -> Callable[[Stage], dict[str, str]]:
    return lambda stage: proof(stage, **changes)


def without_type(stage: Stage) -> dict[str, str]:
    return answer(message(json.dumps(stage.claims()).encode()))


def twice(stage: Stage) -> dict[str, str]:
    return answer(message(b'{"aud":"https://elsewhere.example",' + content(stage)[1:]))


def other_content(stage: Stage) -> dict[str, str]:
    """A signature for one nonce, another open nonce in the content."""
    signature = HOLDER.key.sign(signed_data.to_sign(content(stage)))
    return answer(signed_data.build(content(stage), HOLDER.der, signature))


def other_key(stage: Stage) -> dict[str, str]:
    return answer(message(content(stage), holder(number=51), named=HOLDER.der))


def swapped(stage: Stage) -> dict[str, str]:
    """Signed by one trusted holder, in the name of another."""
    return answer(message(content(stage), HOLDER, named=holder(number=51).der))


def unsigned(stage: Stage) -> dict[str, str]:
    return answer(signed_data.build(content(stage), HOLDER.der, bytes(64)))


def written(edit: Callable[[bytes], bytes]) -> Callable[[Stage], dict[str, str]]:
    """A good message, written in another way."""
    return lambda stage: answer(edit(message(content(stage))))


def changed(edit: Callable[[Any], None]) -> Callable[[Stage], dict[str, str]]:
    return written(lambda der: edited(der, edit))


def unsigned_attribute(signed: Any) -> None:
    signed["signers"][0]["unsigned"] = [attribute("1.2.840.113549.1.9.5", UTCTime(NOW))]


def second_signer(signed: Any) -> None:
    """A signature that is none beside the good one (longer, and so behind it in a SET OF)."""
    first = signed["signers"][0]
    second = {name: first[name] for name in ("version", "signer", "digest", "signed", "algorithm")}
    signed["signers"] = [first, {**second, "signature": b"\xff" * 100}]


def lists(signed: Any) -> None:
    signed["lists"] = [OctetString(b"a list")]


def digest_parameters(signed: Any) -> None:
    signed["signers"][0]["digest"]["parameters"] = Null()


def certificates_algorithm(signed: Any) -> None:
    signed["signers"][0]["algorithm"] = {"algorithm": "1.2.156.10197.1.501"}


def signing_time(der: bytes) -> bytes:
    text = signed_data.verify(der).content
    return sm2.signed_anew(der, [*usual(text), attribute("1.2.840.113549.1.9.5", UTCTime(NOW))])


def sha256(signed: Any) -> None:
    signed["signers"][0]["digest"] = {"algorithm": "2.16.840.1.101.3.4.2.1"}


def long_length(der: bytes) -> bytes:
    assert der[1] == 0x82
    return der[:1] + b"\x83\x00" + der[2:]


def trailing_inside(der: bytes) -> bytes:
    """One more element at the end of the outermost sequence: what reads the first two is content."""
    size = int.from_bytes(der[2:4], "big") + 2
    return der[:2] + size.to_bytes(2, "big") + der[4:] + b"\x05\x00"


def trailing(der: bytes) -> bytes:
    return der + b"\0"


def reading_loosely(patch: pytest.MonkeyPatch) -> None:
    read = signed_data.verify
    patch.setattr(signed_data, "verify", lambda der: read(der.rstrip(b"\0")))


def revoked(stage: Stage) -> dict[str, str]:
    """Issued by this service's own authority, and taken back."""
    folder = stage.parts.config.data / SM2.folder
    authority = EmbeddedAuthority.create(folder, PRACTICE_SM2, NOW, suite=SM2)
    issuing, root = authority.chain()
    (stage.parts.config.trust / "own.cer").write_bytes(root)
    (stage.parts.config.intermediates / "own.cer").write_bytes(issuing)
    subject = Subject("上海沪申示例贸易有限公司", "91310115MA1K00007Q", "MA1K00007")
    order = Order(Profile.YIZHENGTONG, Role.SIGNING, HOLDER.key.info, subject, NOW - DAY, NOW + DAY)
    der = authority.issue(order, authority.reserve())
    assert stage.prove(proof(stage, sm2.Holder(der, HOLDER.key))) == (201, "")
    Revoked(folder / EmbeddedAuthority.REVOKED).add(parse(der).serial, NOW, x509.ReasonFlags.superseded)
    return proof(stage, sm2.Holder(der, HOLDER.key))


def stranger(stage: Stage) -> dict[str, str]:
    root = pki.root("sm2", 7, "陌生根 CA")
    return proof(stage, holder(root), root.der)


def issued(**changes: Any) -> Callable[[Stage], dict[str, str]]:
    return lambda stage: proof(stage, holder(**changes))


def broken_lines(stage: Stage) -> dict[str, str]:
    der = base64.b64decode(proof(stage)["signed_data"])
    return {"signed_data": base64.encodebytes(der).decode()}


def loose_base64(text: str, decode: Callable[[str], bytes], _encode: object, *, pad: bool) -> bytes:
    return decode("".join(text.split()))


_FORM, _SIGNATURE, _TYPE = (off(messages, f"_check_{what}") for what in ("form", "signature", "type"))

ATTACKS = {
    "replayed": Attack(replay, CHALLENGE, off(challenges, "_unused", returns=true)),
    "challenge-expired": Attack(late, CHALLENGE, off(challenges, "_current", returns=true)),
    "challenge-made-up": Attack(claimed(nonce="n" * 43), CHALLENGE, off(challenges, "consume")),
    "challenge-of-other-purpose": Attack(
        lambda stage: proof(stage, nonce=stage.nonce_for("confirm")),
        CHALLENGE,
        off(challenges, "_meant_for", returns=true),
    ),
    "other-audience": Attack(claimed(aud="https://elsewhere.example"), ASSERTION, off(claims, "_check_audience")),
    "other-purpose-claimed": Attack(
        claimed(purpose="confirm"),
        ASSERTION,
        all_of(instead(claims, "_claims", lenient_claims), off(claims, "_check_purpose")),
    ),
    "further-claim": Attack(claimed(admin=True), ASSERTION, instead(claims, "_claims", lenient_claims)),
    "type-of-an-assertion": Attack(claimed(typ="xieka-session+jws"), ASSERTION, _TYPE),
    "without-type": Attack(without_type, ASSERTION, _TYPE),
    "name-twice": Attack(twice, ASSERTION, instead(strict, "once", dict)),
    "other-content": Attack(other_content, ASSERTION, _SIGNATURE),
    "other-key": Attack(other_key, ASSERTION, _SIGNATURE),
    "certificate-swapped": Attack(swapped, ASSERTION, _SIGNATURE),
    "not-signed": Attack(unsigned, ASSERTION, _SIGNATURE),
    "digest-sha256": Attack(changed(sha256), ASSERTION, all_of(_FORM, _SIGNATURE)),
    "rsa-key": Attack(lambda stage: answer(sm2.by_rsa(stage)), ASSERTION, all_of(_FORM, _SIGNATURE)),
    "content-signed-itself": Attack(written(lambda der: sm2.signed_anew(der, None)), ASSERTION, _FORM),
    "further-signed-attribute": Attack(written(signing_time), ASSERTION, _FORM),
    "unsigned-attribute": Attack(changed(unsigned_attribute), ASSERTION, _FORM),
    "second-signer": Attack(changed(second_signer), ASSERTION, _FORM),
    "list-inside": Attack(changed(lists), ASSERTION, _FORM),
    "digest-parameters": Attack(changed(digest_parameters), ASSERTION, _FORM),
    "algorithm-of-certificates": Attack(changed(certificates_algorithm), ASSERTION, _FORM),
    "signature-as-r-and-s": Attack(written(sm2.raw_signature), ASSERTION, _FORM),
    "longer-length": Attack(written(long_length), ASSERTION, _FORM),
    "trailing-element": Attack(written(trailing_inside), ASSERTION, _FORM),
    "trailing-byte": Attack(written(trailing), ASSERTION, reading_loosely),
    "line-ends": Attack(broken_lines, ASSERTION, instead(strict, "one_encoding", loose_base64)),
    "encryption-certificate": Attack(
        issued(usages=("key_encipherment", "data_encipherment", "key_agreement")), USAGE, off(proofs, "_check_usage")
    ),
    "certificate-expired": Attack(issued(ends=NOW - DAY), DATES, without_rules(Rule.DATES)),
    "certificate-of-tomorrow": Attack(issued(begins=NOW + DAY), DATES, without_rules(Rule.DATES)),
    "certificate-revoked": Attack(revoked, REVOKED, off(proofs, "_check_revocation")),
    "stranger": Attack(stranger, UNTRUSTED, all_of(any_name, any_signature)),
    "twin-of-the-authority": Attack(
        lambda stage: proof(stage, holder(pki.Authority(pki.Key("sm2", 8), sm2.ISSUING.subject))),
        UNTRUSTED,
        any_signature,
    ),
}
