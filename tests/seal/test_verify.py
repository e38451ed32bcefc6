"""Verification of seals: what verifies, and a table of what must not, each with its named reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.seal.make import CONTENT, NOW, bound_seal, picture, seal
from tests.seal.signers import ENCRYPTING, RSA_SHA1, signer
from tests.seal.test_picture import BOMB, SVG
from xieka.core.errors import XiekaError
from xieka.gm import encoding, sm3
from xieka.seal import reader
from xieka.seal.chain import ChainFinding
from xieka.seal.content import Digest, Extension
from xieka.seal.der import wrap
from xieka.seal.models import Step, Verification
from xieka.seal.structure import Seal
from xieka.seal.verify import Circumstances, verify

KINDS, VERSIONS = ["sm2", "rsa"], [1, 4, 5]
OURS = {"certificates": (signer("sm2", "signer").certificate,)}


class Trusted:
    """A path and a revocation state as they are told here."""

    def __init__(self, **finding: object) -> None:
        self.finding = ChainFinding(**{"trusted": True, "revoked": False} | finding)  # type: ignore[arg-type]
        self.asked: list[tuple[bytes, datetime]] = []

    def examine(self, certificate: bytes, at: datetime) -> ChainFinding:
        self.asked.append((certificate, at))
        return self.finding


def check(der: bytes, kind: str = "sm2", **changes: object) -> Verification:
    """Everything is asked, and in order unless the seal is not."""
    given = {"now": NOW, "certificate": signer(kind, "signer").certificate, "chain": Trusted()} | changes
    return verify(der, Circumstances(**given))  # type: ignore[arg-type]


def failures(found: Verification) -> dict[str, str]:
    return {step.name: step.error.code for step in found.steps if step.state == "failed" and step.error}


def step(found: Verification, name: str) -> Step:
    return next(one for one in found.steps if one.name == name)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_whole(kind: str, version: int) -> None:
    found = check(bound_seal(kind, version), kind)
    assert {one.state for one in found.steps} == {"ok"}, found
    assert (found.verdict, found.sentence[:6]) == ("ok", "签章已核验：")
    assert [one.name for one in found.steps] == [
        "format",
        "picture",
        "signature",
        "created",
        "maker_usage",
        "maker_period",
        "maker_chain",
        "maker_revocation",
        "period",
        "binding",
    ]


@pytest.mark.parametrize(
    ("file", "failed"),
    [
        ("esldemo__Seal.esl", {}),
        ("ofdrw-gm__UserV1.esl", {}),
        ("ofdrw-gm__UserV4.esl", {}),
        # Made in 2026 by the project's test certificate of 2020 to 2022.
        ("ofdrw-gm__UserV5.esl", {"maker_period": "E-SEA-27"}),
        # Published so: its maker did not sign it, was expired by then, and is one of those whom it is for.
        (
            "ofdrw-sign__SESealData.DER",
            {"signature": "E-SEA-20", "maker_period": "E-SEA-27", "maker_listed": "E-SEA-34"},
        ),
    ],
)
def test_real_seals(file: str, failed: dict[str, str]) -> None:
    der = (SAMPLES / "seals" / file).read_bytes()
    content = reader.read(der).content
    found = verify(der, Circumstances(content.not_after, content.certificates[0]))
    assert failures(found) == failed
    assert step(found, "binding").state == "ok"
    assert found.verdict == ("failed" if failed else "partial")
    assert [one.name for one in found.steps if one.state == "unchecked"][-2:] == ["maker_chain", "maker_revocation"]
    assert failed or "maker_listed" not in {one.name for one in found.steps}


def test_nothing_is_called_verified_that_was_not() -> None:
    found = check(bound_seal("sm2", 4), chain=None, certificate=None)
    assert found.verdict == "partial"
    assert [one.name for one in found.steps if one.state != "ok"] == ["maker_chain", "maker_revocation", "binding"]
    assert "已核验" not in found.sentence
    for one in found.steps:
        assert one.state == "ok" or one.title in found.sentence


def raw(der: bytes) -> bytes:
    """With the signature as r‖s, as Koal writes it."""
    parsed = Seal.load(der)
    r, s = encoding.signature(parsed["signedValue"].native)
    parsed["signedValue"] = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return bytes(parsed.dump(force=True))


def v1_numbered(number: int) -> bytes:
    """A V1 seal whose header says another number, signed so."""
    value = reader.parse(bound_seal("sm2", 1))
    value["esealInfo"]["header"]["version"] = number
    sign = value["signInfo"]
    signed = value["esealInfo"].dump(force=True) + sign["cert"].dump() + sign["signatureAlgorithm"].dump()
    sign["signData"] = signer("sm2").key.sign(wrap(0x30, signed))
    return bytes(value.dump(force=True))


@pytest.mark.parametrize(
    ("der", "kind"),
    [
        pytest.param(raw(bound_seal("sm2", 4)), "sm2", id="raw-signature"),
        pytest.param(seal(signer("sm2", usage=None), **OURS), "sm2",
                     id="no-key-usage"),
        pytest.param(bound_seal("sm2", 4, extensions=(Extension("1.2.3", False, b"x"),)), "sm2", id="extension"),
        pytest.param(
            bound_seal("sm2", 5, certificates=(),
                       digests=(Digest(sm3.OID, sm3.digest(signer("sm2", "signer").certificate)),)),
            "sm2", id="sm3-digest",
        ),
        pytest.param(
            bound_seal("rsa", 4, certificates=(),
                       digests=(Digest("SHA-256", hashlib.sha256(signer("rsa", "signer").certificate).digest()),)),
            "rsa", id="sha256-digest",
        ),
        pytest.param(v1_numbered(11), "sm2", id="v1-with-another-number"),
        pytest.param(bound_seal("sm2", 4, picture=picture("GIF"), picture_type="gif"), "sm2", id="small-letters"),
    ],
)  # fmt: skip
def test_dialects_verify(der: bytes, kind: str) -> None:
    assert check(der, kind).verdict == "ok", check(der, kind)


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


def test_who_may_make_seals() -> None:
    """Named by the profile: verified. Trusted, but not named: a doubt of its own. Nobody named: the words of before."""
    der = bound_seal("sm2", 4)
    told = {listed: check(der, chain=Trusted(listed=listed)) for listed in (True, False, None)}
    assert [found.verdict for found in told.values()] == ["ok", "doubtful", "ok"]
    assert "由认可的制章机构制作" in told[True].sentence
    assert "不在认可的制章机构之列" in told[False].sentence
    assert "未核对其制章资格" in told[None].sentence
    assert step(told[True], "maker_listed").state == "ok"
    assert step(told[False], "maker_listed").state == "doubtful"
    assert "maker_listed" not in {one.name for one in told[None].steps}
    # What speaks against a seal comes first, what was not looked at afterwards.
    over = check(der, chain=Trusted(listed=False), now=CONTENT.not_after + timedelta(seconds=1))
    assert over.verdict == "failed"
    assert check(der, chain=Trusted(listed=False, revoked=None)).verdict == "doubtful"


@pytest.mark.parametrize(("own", "written"), [(4, 1), (4, 6), (1, 4), (1, 5)])
def test_version_that_is_not_its_layout(own: int, written: int) -> None:
    der = bound_seal("sm2", own)
    changed = swapped(der, b"ES\x02\x01" + bytes([own]), b"ES\x02\x01" + bytes([written]))
    assert failures(check(changed))["format"] == "E-SEA-08"


@pytest.mark.parametrize(
    ("der", "changes", "name"),
    [
        pytest.param(
            bound_seal("sm2", 4, extensions=(Extension("1.2.3", True, b""),)), {}, "extensions", id="critical"
        ),
        pytest.param(bound_seal("sm2", 4, picture=SVG, picture_type="SVG"), {}, "picture", id="svg"),
        pytest.param(
            bound_seal("sm2", 4, certificates=(), digests=(Digest("MD5", bytes(16)),)), {}, "binding", id="digest"
        ),
        pytest.param(bound_seal("sm2", 4), {"chain": Trusted(trusted=None)}, "maker_chain", id="path"),
        pytest.param(bound_seal("sm2", 4), {"chain": Trusted(revoked=None)}, "maker_revocation", id="revocation"),
        pytest.param(bound_seal("sm2", 4), {"certificate": None}, "binding", id="no-certificate"),
    ],
)
def test_what_cannot_be_judged_is_left_open(der: bytes, changes: dict[str, object], name: str) -> None:
    found = check(der, **changes)
    assert found.verdict == "partial"
    assert [one.name for one in found.steps if one.state == "unchecked"] == [name]
    assert step(found, name).why
    assert failures(found) == {}


def test_a_time_stamp_is_left_open() -> None:
    value = reader.parse(bound_seal("sm2", 5))
    value["timeStamp"] = b"token"
    found = check(value.dump(force=True))
    assert (found.verdict, step(found, "time_stamp").state) == ("partial", "unchecked")


def test_a_time_stamp_before_version_5() -> None:
    value = reader.parse(bound_seal("sm2", 4))
    value["timeStamp"] = b"token"
    assert failures(check(value.dump(force=True))) == {"format": "E-SEA-08"}


def test_what_happened_to_the_maker_afterwards_is_said() -> None:
    chain = Trusted(revoked=True, revoked_at=CONTENT.created + timedelta(seconds=1))
    der = seal(signer("sm2", end=datetime(2026, 3, 1, tzinfo=UTC)), **OURS)
    found = check(der, chain=chain)
    # When it was made the maker alone says, and a stolen key says what its thief likes.
    assert (found.verdict, step(found, "maker_revocation").state) == ("partial", "unchecked")
    assert "到期" in step(found, "maker_period").why
    assert "吊销" in step(found, "maker_revocation").why
    # The path is asked for as of the day it was made.
    assert [at for _, at in chain.asked] == [CONTENT.created]


@pytest.mark.parametrize("moment", [CONTENT.not_before, CONTENT.not_after])
def test_both_ends_belong_to_the_period(moment: datetime) -> None:
    assert step(check(bound_seal("sm2", 4), now=moment), "period").state == "ok"


@pytest.mark.parametrize("file", sorted((SAMPLES / "seals").iterdir()), ids=lambda file: file.stem)
def test_nothing_to_verify(file: Path) -> None:
    der = file.read_bytes()
    for data, code in ((der[:-1], "E-SEA-04"), (der + b"\0", "E-SEA-05"), (b"", "E-SEA-01"), (b"seal", "E-SEA-01")):
        with pytest.raises(XiekaError) as caught:
            verify(data, Circumstances(NOW))
        assert caught.value.code == code
