"""Verification of seals: what verifies, what is left open, and what cannot be verified."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import SAMPLES
from tests.seal.make import CONTENT, NOW, bound_seal, picture, seal
from tests.seal.signers import ACTING, signer
from tests.seal.test_picture import SVG
from tests.seal.verifying import OURS, Trusted, check, failures, step
from xieka.core.errors import XiekaError
from xieka.gm import encoding, sm3
from xieka.seal import reader
from xieka.seal.content import Digest, Extension
from xieka.seal.der import wrap
from xieka.seal.structure import Seal
from xieka.seal.verify import Circumstances, verify

KINDS, VERSIONS = ["sm2", "rsa"], [1, 4, 5]


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
        pytest.param(seal(signer("sm2", purposes=ACTING), **OURS), "sm2",
                     id="client-auth"),
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
