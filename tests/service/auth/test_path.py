"""Path validation beyond the attack table: what is stricter here than in the certificate room, and hostile bytes.

How paths are found and judged is shown in tests/certificate/trust.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from asn1crypto.core import Null
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from tests.conftest import SAMPLES
from tests.service.auth import pki
from xieka.certificate import structure
from xieka.certificate.trust import signatures
from xieka.certificate.trust.parsed import Certificate, parse
from xieka.certificate.trust.path import MAX_VERIFICATIONS
from xieka.certificate.trust.rules import Rule
from xieka_service.auth import path
from xieka_service.auth.path import validate
from xieka_service.http.problems import Refusal

CERTS = SAMPLES / "certs"


def parsed(*made: pki.Made) -> list[Certificate]:
    return [parse(one.der) for one in made]


def real(name: str) -> Certificate:
    return parse((CERTS / f"{name}.der").read_bytes())


def refused(holder: Certificate, between: list[Certificate], anchors: list[Certificate]) -> str:
    with pytest.raises(Refusal) as error:
        validate(holder, between, anchors, pki.NOW)
    return error.value.kind.code


def test_a_real_authority_is_vouched_for_by_its_real_root() -> None:
    root, issuing = real("UCA_Root_G2"), real("SHECA_G2")
    assert validate(issuing, [], [root], pki.NOW) == (issuing, root)
    assert issuing.path_length == 0


@pytest.mark.parametrize("file", sorted(CERTS.glob("*.der")), ids=lambda file: file.stem)
def test_every_real_authority_is_read(file: Path) -> None:
    certificate = parse(file.read_bytes())
    assert certificate.is_authority
    assert certificate.usages is not None
    assert "key_cert_sign" in certificate.usages


def test_a_real_sm2_authority_is_vouched_for_by_either_of_its_roots() -> None:
    holder = real("SHECA_SM2_by_NRCAC_ROOTCA")
    anchor = real("NRCAC_ROOTCA_SM2")
    assert validate(holder, [], [anchor], pki.NOW) == (holder, anchor)
    assert refused(holder, [], [real("UCA_Root_SM2")]) == "auth.certificate_untrusted"


def test_the_way_that_holds_is_found_among_others() -> None:
    """One name, three authorities: one without trust, one outdated, one good."""
    root = pki.self_signed(pki.authority("根", 1))
    shape = pki.authority("CA", 2)
    outdated = root.issue(pki.replace(shape, ends=pki.NOW - pki.DAY))
    good = root.issue(shape)
    stranger = pki.self_signed(pki.authority("CA", 3))
    holder, *between = parsed(good.issue(pki.holder()), stranger, outdated, good)
    found = validate(holder, between, parsed(root), pki.NOW)
    assert [one.der for one in found] == [holder.der, good.der, root.der]


def test_five_certificates_are_a_path() -> None:
    chain = [pki.self_signed(pki.authority("根", 1))]
    for number in range(2, 5):
        chain.append(chain[-1].issue(pki.authority(f"CA {number}", number)))
    holder = chain[-1].issue(pki.holder())
    assert len(validate(parse(holder.der), parsed(*chain[1:]), parsed(chain[0]), pki.NOW)) == path.MAX_LENGTH


def test_an_anchor_need_not_be_a_root() -> None:
    root = pki.self_signed(pki.authority("根", 1))
    issuing = root.issue(pki.authority("CA", 2))
    holder = issuing.issue(pki.holder())
    assert len(validate(parse(holder.der), [], parsed(issuing), pki.NOW)) == 2


def test_an_anchor_is_no_holder() -> None:
    """Nobody stands above it who says whose it is."""
    anchor = pki.self_signed(pki.replace(pki.authority("根", 1), usages=pki.AUTHORITY | pki.SIGNING))
    assert refused(*parsed(anchor), [], parsed(anchor)) == "auth.certificate_untrusted"


@pytest.mark.parametrize(
    "changes",
    [{"authority": False}, {"usages": pki.SIGNING}, {"extra": (("1.3.6.1.4.1.99999.1", b"\5\0", True),)}],
    ids=["no-authority", "may-not-sign-certificates", "not-understood"],
)
def test_an_anchor_must_be_an_authority_itself(changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    anchor = pki.self_signed(pki.replace(pki.authority("根", 1), **changes))
    holder = anchor.issue(pki.holder())
    assert refused(parse(holder.der), [], parsed(anchor)) == "auth.certificate_untrusted"
    monkeypatch.setattr(path, "COUNTING", path.COUNTING - {Rule.AUTHORITY, Rule.EXTENSIONS})
    assert validate(parse(holder.der), [], parsed(anchor), pki.NOW)


def test_the_worst_a_proof_can_hold_is_refused_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four authorities of one name, each signed by all (they share a name and a slow key), called like the anchor."""
    looked = []
    judge = signatures.judge
    monkeypatch.setattr(signatures, "remembered", lambda *arguments: looked.append(1) or judge(*arguments))
    keys = [pki.ec_key(number, ec.SECP521R1) for number in range(4)]
    own = [pki.self_signed(pki.replace(pki.authority("根", 0), key=key)) for key in keys]
    anchor = pki.self_signed(pki.authority("根", 9))
    began = time.monotonic()
    assert refused(parse(own[0].issue(pki.holder()).der), parsed(*own), parsed(anchor)) == "auth.certificate_untrusted"
    assert len(looked) <= MAX_VERIFICATIONS
    assert time.monotonic() - began < 2


def extension(oid: str, value: bytes) -> bytes:
    der: bytes = structure.Extension({"oid": oid, "critical": False, "value": value}).dump()
    return der


def signed_otherwise(edit: str) -> bytes:
    key = pki.rsa_key(1)
    assert isinstance(key, rsa.RSAPrivateKey)
    root = pki.self_signed(pki.authority("根", 1, rsa=True))
    der = root.issue(pki.holder()).der
    if edit == "extension-twice":
        return pki.resigned(der, key, extensions=[extension("2.5.29.15", b"\x03\x02\x07\x80")])
    if edit == "usage-is-no-bit-string":
        bare = root.issue(pki.holder(usages=None)).der
        return pki.resigned(bare, key, extensions=[extension("2.5.29.15", b"\x04\x01\x80")])
    if edit == "two-algorithms":
        certificate = structure.Certificate.load(der)
        certificate["signature_algorithm"] = {"algorithm": pki.RSA_SHA512, "parameters": Null()}
        return bytes(certificate.dump(force=True))
    if edit == "extensions-in-version-1":
        certificate = structure.Certificate.load(der)
        certificate["tbs_certificate"]["version"] = 0
        return bytes(certificate.dump(force=True))
    if edit == "negative-path-length":
        bare = root.issue(pki.holder(authority=None)).der
        return pki.resigned(bare, key, extensions=[extension("2.5.29.19", b"\x30\x06\x01\x01\xff\x02\x01\xff")])
    return {"nothing": b"", "trailing": der + b"\0", "half": der[:100], "no-der": b"\x30\x80\0\0", "text": b"hello",
            "deep": b"\x30\x80" * 5000}[edit]  # fmt: skip


@pytest.mark.parametrize(
    "edit",
    ["extension-twice", "usage-is-no-bit-string", "two-algorithms", "extensions-in-version-1", "negative-path-length",
     "nothing", "trailing", "half", "no-der", "text", "deep"],
)  # fmt: skip
def test_what_is_not_one_well_formed_certificate_is_refused(edit: str) -> None:
    der = signed_otherwise(edit)
    with pytest.raises(ValueError, match="certificate"):
        parse(der)


def test_the_way_certificates_are_edited_here_is_sound() -> None:
    """The edits above are refused for what they change: the same certificate signed again without a change is read."""
    root = pki.self_signed(pki.authority("根", 1, rsa=True))
    again = pki.resigned(root.issue(pki.holder()).der, pki.rsa_key(1))
    assert validate(parse(again), [], parsed(root), pki.NOW)
