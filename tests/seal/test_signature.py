"""Signatures of documents made with seals (SES_Signature): reading, verification, and what must not verify."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto.core import GeneralizedTime, UTCTime

from tests.seal.make import DOCUMENT, NOW, SIGNED_AT, bound_seal, seal, signature
from tests.seal.signers import BEGIN, ENCRYPTING, RESPONDING, Signer, signer
from tests.seal.verifying import Trusted
from xieka.core.errors import XiekaError
from xieka.gm import sm2, sm3
from xieka.seal import hashing, signature_reader
from xieka.seal.models import SignatureVerification
from xieka.seal.signature_verify import verify_signature
from xieka.seal.verify import Circumstances


def sign(kind: str = "sm2", version: int = 4, who: Signer | None = None, **how: object) -> bytes:
    return signature(bound_seal(kind, version), who or signer(kind, "signer"), **how)  # type: ignore[arg-type]


def check(der: bytes, document: bytes | None = DOCUMENT, **changes: object) -> SignatureVerification:
    given = {"now": NOW, "chain": Trusted()} | changes
    digests = None if document is None else hashing.document(io.BytesIO(document))
    return verify_signature(der, Circumstances(**given), digests)  # type: ignore[arg-type]


def failures(found: SignatureVerification) -> dict[str, str]:
    steps = [*found.steps, *found.seal_steps]
    return {step.name: step.error.code for step in steps if step.error}


@pytest.mark.parametrize("version", [1, 4, 5])
@pytest.mark.parametrize("kind", ["sm2", "rsa"])
def test_whole(kind: str, version: int) -> None:
    der = sign(kind, version)
    found = check(der)
    assert (found.verdict, failures(found)) == ("ok", {}), found
    assert found.sentence.startswith("签名已核验：")
    # Trusted() names no makers, as a profile may.
    assert "未核对制作者的制章资格" in found.sentence
    assert (found.signed_at, found.data_name) == (SIGNED_AT, "/Doc_0/Signature.xml")
    assert [step.name for step in found.steps] == [
        "format",
        "signer_signature",
        "data",
        "signed_at",
        "signer_usage",
        "signer_period",
        "signer_chain",
        "signer_revocation",
    ]
    assert signature_reader.parse(der).dump(force=True) == der


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param(UTCTime(SIGNED_AT).dump(), SIGNED_AT, id="utc-time"),
        pytest.param(GeneralizedTime(SIGNED_AT).dump(), SIGNED_AT, id="generalized-time"),
        pytest.param(b"2026-05-01T08:00:00Z", SIGNED_AT, id="iso"),
        pytest.param(b"2026-05-01 16:00:00", SIGNED_AT, id="beijing"),
        pytest.param(b"20260501080000Z", SIGNED_AT, id="compact"),
        pytest.param(b"20260501160000", SIGNED_AT, id="compact-beijing"),
        pytest.param(b"yesterday", None, id="words"),
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"\x30\x03\x02\x01\x01", None, id="a-token-perhaps"),
    ],
)
def test_time_of_version_1(written: bytes, read: datetime | None) -> None:
    found = check(sign("sm2", 1, at=written))
    assert found.signed_at == read
    assert found.verdict == ("ok" if read else "partial")
    if read is None:
        unchecked = [step.name for step in found.steps if step.state == "unchecked"]
        assert unchecked == ["signed_at", "signer_period", "signer_chain", "signer_revocation"]


def test_without_the_document() -> None:
    found = check(sign(), document=None)
    assert found.verdict == "partial"
    assert [step.name for step in found.steps if step.state == "unchecked"] == ["data"]


def test_without_a_path() -> None:
    found = check(sign(), chain=None)
    assert found.verdict == "partial"
    assert "签章人的证书链" in found.sentence
    assert "制作机构的证书链" in found.sentence


def test_a_seal_that_is_over_today_was_good_then() -> None:
    later = datetime(2028, 1, 1, tzinfo=UTC)
    found = check(sign(), now=later)
    assert found.verdict == "ok"
    period = next(step for step in found.steps if step.name == "signer_period")
    assert "到期" in period.why


def test_path_is_asked_for_as_of_the_days_it_is_about() -> None:
    chain = Trusted()
    check(sign(), chain=chain)
    assert [(at.year, at.month) for _, at in chain.asked] == [(2026, 5), (2026, 1)]


def altered(place: str) -> bytes:
    der = sign()
    value = signature_reader.parse(der)
    if place == "hash":
        value["toSign"]["dataHash"] = bytes(32)
    elif place == "time":
        value["toSign"]["timeInfo"] = {"general": GeneralizedTime(SIGNED_AT + timedelta(hours=1))}
    elif place == "name":
        return der.replace(b"/Doc_0/Signature.xml", b"/Doc_1/Signature.xml")
    elif place == "seal":
        return der.replace("合同专用章".encode(), "财务专用章".encode())
    elif place == "value":
        value["signature"] = bytes(64)
    elif place == "signer":
        value["cert"] = signer("sm2", "another").certificate
    elif place == "seal's signature":
        value["toSign"]["eseal"]["signedValue"] = bytes(64)
    return bytes(value.dump(force=True))


def by(who: Signer, eseal: bytes | None = None, **how: object) -> bytes:
    own = seal(signer("sm2"), certificates=(who.certificate,))
    return signature(eseal or own, who, **how)  # type: ignore[arg-type]


ATTACKS: dict[str, tuple[bytes, dict[str, object], dict[str, str]]] = {
    "hash exchanged": (altered("hash"), {}, {"signer_signature": "E-SEA-41", "data": "E-SEA-42"}),
    "name exchanged": (altered("name"), {}, {"signer_signature": "E-SEA-41"}),
    "signature of zeros": (altered("value"), {}, {"signer_signature": "E-SEA-41"}),
    "another signer": (altered("signer"), {}, {"signer_signature": "E-SEA-41", "binding": "E-SEA-48"}),
    "seal exchanged inside": (altered("seal"), {}, {"signer_signature": "E-SEA-41", "signature": "E-SEA-20"}),
    "seal never signed": (
        altered("seal's signature"), {}, {"signer_signature": "E-SEA-41", "signature": "E-SEA-20"},
    ),
    "another document": (sign(), {"document": DOCUMENT + b" "}, {"data": "E-SEA-42"}),
    "no document at all": (sign(), {"document": b""}, {"data": "E-SEA-42"}),
    "SHA-256 with SM2": (sign(data=hashlib.sha256(DOCUMENT).digest()), {}, {"data": "E-SEA-43"}),
    "SM3 with RSA": (sign("rsa", data=sm3.digest(DOCUMENT)), {}, {"data": "E-SEA-43"}),
    "SHA-1 with RSA": (
        sign("rsa", data=hashlib.sha1(DOCUMENT, usedforsecurity=False).digest()), {}, {"data": "E-SEA-43"},
    ),
    "hash cut short": (sign(data=sm3.digest(DOCUMENT)[:8]), {}, {"data": "E-SEA-42"}),
    "unknown algorithm": (sign(algorithm="1.2.3.4", data=sm3.digest(DOCUMENT)), {},
                          {"signer_signature": "E-SEA-21", "data": "E-SEA-43"}),
    "SM2's algorithm with an RSA key": (
        sign("rsa", algorithm=sm2.SIGNATURE_OID), {}, {"signer_signature": "E-SEA-22"},
    ),
    "somebody else's seal": (
        by(signer("sm2", "thief"), bound_seal("sm2", 4)), {}, {"binding": "E-SEA-48"},
    ),
    "encryption certificate": (by(signer("sm2", "signer", usage=ENCRYPTING)), {}, {"signer_usage": "E-SEA-45"}),
    "signer is a responder": (by(signer("sm2", "signer", purposes=RESPONDING)), {}, {"signer_usage": "E-SEA-45"}),
    "signer was over": (
        by(signer("sm2", "signer", end=datetime(2026, 4, 1, tzinfo=UTC))), {}, {"signer_period": "E-SEA-46"},
    ),
    "seal was over": (
        signature(bound_seal("sm2", 4, not_after=datetime(2026, 4, 1, tzinfo=UTC)), signer("sm2", "signer")), {},
        {"period": "E-SEA-47"},
    ),
    "signed before the seal was made": (
        sign(at=datetime(2026, 1, 1, 1, tzinfo=UTC)), {}, {"signed_at": "E-SEA-49"},
    ),
    "signed tomorrow": (sign(at=NOW + timedelta(days=1)), {}, {"signed_at": "E-SEA-49"}),
    "untrusted": (
        sign(), {"chain": Trusted(trusted=False, why="不是可信机构")},
        {"signer_chain": "E-SEA-50", "maker_chain": "E-SEA-31"},
    ),
    "revoked": (
        sign(), {"chain": Trusted(revoked=True, revoked_at=BEGIN)},
        {"signer_revocation": "E-SEA-51", "maker_revocation": "E-SEA-32"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack(attack: str) -> None:
    der, changes, expected = ATTACKS[attack]
    found = check(der, **changes)  # type: ignore[arg-type]
    assert failures(found) == expected
    assert found.verdict == "failed"
    assert found.sentence.startswith("签名没有通过核验：")


@pytest.mark.parametrize("version", [1, 4])
def test_cut_short_or_with_something_behind(version: int) -> None:
    der = sign(version=version)
    for length in (*range(1, 30), *range(30, len(der), 41), len(der) - 1):
        with pytest.raises(XiekaError) as caught:
            signature_reader.read(der[:length])
        assert caught.value.code == "E-SEA-04"
    with pytest.raises(XiekaError) as caught:
        signature_reader.read(der + b"\0")
    assert caught.value.code == "E-SEA-05"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<Signature/>", id="xml"),
        pytest.param(bound_seal("sm2", 4), id="seal"),
        pytest.param(bound_seal("sm2", 1), id="seal-v1"),
        pytest.param(signer("sm2").certificate, id="certificate"),
        pytest.param(b"\x30\x00", id="nothing"),
    ],
)
def test_not_a_signature(data: bytes) -> None:
    with pytest.raises(XiekaError) as caught:
        signature_reader.read(data)
    assert caught.value.code == "E-SEA-40"
