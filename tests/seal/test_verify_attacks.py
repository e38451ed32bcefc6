"""A table of seals that must not verify, each with its named reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.seal.make import CONTENT, NOW, bound_seal, picture, seal
from tests.seal.signers import ENCRYPTING, RESPONDING, RSA_SHA1, signer
from tests.seal.test_picture import BOMB
from tests.seal.verifying import OURS, Trusted, check, failures
from xieka.gm import sm3
from xieka.seal import reader
from xieka.seal.content import Digest, Extension


def swapped(der: bytes, old: bytes, new: bytes) -> bytes:
    """One value in the DER replaced by another of its length, its signature left as it is."""
    assert der.count(old) >= 1
    assert len(old) == len(new)
    return der.replace(old, new, 1)


FIELDS: dict[str, tuple[bytes, bytes]] = {
    "vendor": (b"\x16\x04Test", b"\x16\x04Text"),
    "es-id": (b"31011500000001", b"31011500000002"),
    "name": ("合同专用章".encode(), "财务专用章".encode()),
    "certificate": (signer("sm2", "signer").certificate[-40:], bytes(40)),
    "created": (b"20260101020304Z", b"20260101020305Z"),
    "not-before": (b"20260101000000Z", b"20260101000001Z"),
    "not-after": (b"20270101000000Z", b"20280101000000Z"),
    "picture-type": (b"\x16\x03PNG", b"\x16\x03PNg"),
    "picture": (b"pHYs" if b"pHYs" in CONTENT.picture else b"IDAT", b"IDAU"),
    "width": (b"\x02\x01\x28", b"\x02\x01\x29"),
    "height": (b"\x02\x01\x1e", b"\x02\x01\x1f"),
    "extension-oid": (b"\x06\x03\x2a\x03\x04", b"\x06\x03\x2a\x03\x05"),
    "extension-value": (b"\x04\x05value", b"\x04\x05Value"),
}


@pytest.mark.parametrize("version", [4, 5])
@pytest.mark.parametrize("field", FIELDS)
def test_tampered(field: str, version: int) -> None:
    der = bound_seal("sm2", version, extensions=(Extension("1.2.3.4", False, b"value"),))
    assert check(der).verdict == "ok"
    found = failures(check(swapped(der, *FIELDS[field])))
    assert found["signature"] == "E-SEA-20"


def test_tampered_version_and_kind() -> None:
    der = bound_seal("sm2", 4)
    header = swapped(der, b"ES\x02\x01\x04", b"ES\x02\x01\x05")
    kind = swapped(der, b"\x02\x01\x04\x0c", b"\x02\x01\x05\x0c")
    for changed in (header, kind):
        assert failures(check(changed)) == {"signature": "E-SEA-20"}


def test_v1_signs_certificate_and_algorithm_too() -> None:
    # The signature of another maker's certificate with the same key: V4 would not notice, V1 must.
    key_again = signer("sm2", end=datetime(2027, 7, 1, tzinfo=UTC)).certificate
    assert key_again != signer("sm2").certificate
    for version, expected in ((1, {"signature": "E-SEA-20"}), (4, {})):
        der = bound_seal("sm2", version)
        value = reader.parse(der)
        (value["signInfo"] if version == 1 else value)["cert"] = key_again
        assert failures(check(value.dump(force=True))) == expected


def forged(kind: str = "sm2", **changes: object) -> Callable[[], bytes]:
    def make() -> bytes:
        value = reader.parse(bound_seal(kind, 4))
        for name, new in changes.items():
            value[name] = new
        return bytes(value.dump(force=True))

    return make


def not_der() -> bytes:
    der = bound_seal("sm2", 4)
    # The outermost length in four octets where two do.
    return b"\x30\x84" + der[2:4].rjust(4, b"\0") + der[4:]


ATTACKS: dict[str, tuple[bytes | Callable[[], bytes], dict[str, object], dict[str, str]]] = {
    "another key signed": (
        forged(cert=signer("sm2", "another").certificate), {}, {"signature": "E-SEA-20"},
    ),
    "signature of nothing": (forged(signedValue=b""), {}, {"signature": "E-SEA-20"}),
    "signature of zeros": (forged(signedValue=bytes(64)), {}, {"signature": "E-SEA-20"}),
    "unknown algorithm": (forged(signAlgID="1.2.3.4"), {}, {"signature": "E-SEA-21"}),
    "hash alone for an algorithm": (forged(signAlgID=sm3.OID), {}, {"signature": "E-SEA-21"}),
    "SM2's algorithm with an RSA key": (
        forged(cert=signer("rsa").certificate), {}, {"signature": "E-SEA-22"},
    ),
    "RSA's algorithm with an SM2 key": (forged(signAlgID="1.2.840.113549.1.1.11"), {}, {"signature": "E-SEA-22"}),
    "SHA-1": (
        forged("rsa", signAlgID=RSA_SHA1), {"certificate": signer("rsa", "signer").certificate},
        {"signature": "E-SEA-23"},
    ),
    "short RSA key": (bound_seal("rsa1024", 4), {"certificate": signer("rsa1024", "signer").certificate},
                      {"signature": "E-SEA-23"}),
    "no maker": (forged(cert=b"maker"), {}, {"signature": "E-SEA-24"}),
    "maker's encryption certificate": (
        seal(signer("sm2", usage=ENCRYPTING), **OURS), {},
        {"maker_usage": "E-SEA-25"},
    ),
    "maker is a responder": (
        seal(signer("sm2", purposes=RESPONDING), **OURS), {}, {"maker_usage": "E-SEA-25"},
    ),
    "maker expired before": (
        seal(signer("sm2", end=datetime(2025, 12, 31, tzinfo=UTC)), **OURS),
        {}, {"maker_period": "E-SEA-27"},
    ),
    "maker not begun": (
        seal(signer("sm2", begin=datetime(2026, 2, 1, tzinfo=UTC)), **OURS),
        {}, {"maker_period": "E-SEA-27"},
    ),
    "made in the future": (bound_seal("sm2", 4, created=NOW + timedelta(hours=1)), {}, {"created": "E-SEA-26"}),
    "made after its end": (
        bound_seal("sm2", 4, not_after=datetime(2025, 12, 31, tzinfo=UTC), not_before=datetime(2025, 1, 1, tzinfo=UTC)),
        {}, {"created": "E-SEA-26", "period": "E-SEA-29"},
    ),
    "expired": (bound_seal("sm2", 4), {"now": CONTENT.not_after + timedelta(seconds=1)}, {"period": "E-SEA-29"}),
    "not yet valid": (
        bound_seal("sm2", 4, not_before=NOW + timedelta(seconds=1)), {}, {"period": "E-SEA-28"},
    ),
    "another certificate": (
        bound_seal("sm2", 4), {"certificate": signer("sm2", "another").certificate}, {"binding": "E-SEA-30"},
    ),
    "renewed certificate of the same key": (
        bound_seal("sm2", 4),
        {"certificate": signer("sm2", "signer", end=datetime(2028, 1, 1, tzinfo=UTC)).certificate},
        {"binding": "E-SEA-30"},
    ),
    "digest of another certificate": (
        bound_seal("sm2", 4, certificates=(), digests=(Digest("SM3", bytes(32)),)), {}, {"binding": "E-SEA-30"},
    ),
    "digest by another algorithm than it says": (
        bound_seal("sm2", 4, certificates=(),
                   digests=(Digest("SM3", hashlib.sha256(signer("sm2", "signer").certificate).digest()),)),
        {}, {"binding": "E-SEA-30"},
    ),
    "untrusted maker": (
        bound_seal("sm2", 4), {"chain": Trusted(trusted=False, why="不是可信机构")}, {"maker_chain": "E-SEA-31"},
    ),
    "maker revoked before": (
        bound_seal("sm2", 4), {"chain": Trusted(revoked=True, revoked_at=CONTENT.created)},
        {"maker_revocation": "E-SEA-32"},
    ),
    "maker revoked, nobody says when": (
        bound_seal("sm2", 4), {"chain": Trusted(revoked=True)}, {"maker_revocation": "E-SEA-32"},
    ),
    "made by who may use it": (
        seal(signer("sm2", "signer"), **OURS), {}, {"maker_listed": "E-SEA-34"},
    ),
    "made by who may use it, and named as a maker": (
        seal(signer("sm2", "signer"), **OURS), {"chain": Trusted(listed=True)}, {"maker_listed": "E-SEA-34"},
    ),
    "made with the same key under another certificate": (
        seal(signer("sm2", "signer", end=datetime(2028, 1, 1, tzinfo=UTC)), **OURS), {}, {"maker_listed": "E-SEA-34"},
    ),
    "made by another one of those who may use it": (
        seal(signer("sm2"), certificates=(signer("sm2").certificate, *OURS["certificates"])), {},
        {"maker_listed": "E-SEA-34"},
    ),
    "made by who may use it, listed by a digest": (
        bound_seal("sm2", 4, certificates=(), digests=tuple(
            Digest("SM3", sm3.digest(one.certificate)) for one in (signer("sm2"), signer("sm2", "signer"))
        )), {}, {"maker_listed": "E-SEA-34"},
    ),
    "not DER": (not_der, {}, {"format": "E-SEA-07"}),
    "a megabyte of picture": (bound_seal("sm2", 4, picture=picture() + bytes(1 << 20)), {}, {"picture": "E-SEA-09"}),
    "picture that is a bomb": (bound_seal("sm2", 4, picture=BOMB), {}, {"picture": "E-SEA-10"}),
    "no picture": (bound_seal("sm2", 4, picture=b""), {}, {"picture": "E-SEA-03"}),
    "a seal of five metres": (bound_seal("sm2", 4, width_mm=5000), {}, {"picture": "E-SEA-12"}),
    "a seal of nothing": (bound_seal("sm2", 4, height_mm=0), {}, {"picture": "E-SEA-12"}),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack(attack: str) -> None:
    der, changes, expected = ATTACKS[attack]
    found = check(der if isinstance(der, bytes) else der(), **changes)
    assert failures(found) == expected
    assert found.verdict == "failed"
    first = next(one for one in found.steps if one.state == "failed")
    assert found.sentence == f"签章没有通过核验：{first.why}。"


@pytest.mark.parametrize(("own", "written"), [(4, 1), (4, 6), (1, 4), (1, 5)])
def test_version_that_is_not_its_layout(own: int, written: int) -> None:
    der = bound_seal("sm2", own)
    changed = swapped(der, b"ES\x02\x01" + bytes([own]), b"ES\x02\x01" + bytes([written]))
    assert failures(check(changed))["format"] == "E-SEA-08"
