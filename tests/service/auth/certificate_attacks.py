"""The attack table of certificates and paths: as attacks.py, for what stands behind an assertion."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.service.auth import pki
from tests.service.auth.stage import Stage, header, jws
from tests.service.auth.switches import (
    ASSERTION,
    DATES,
    REVOKED,
    UNTRUSTED,
    USAGE,
    Attack,
    all_of,
    any_name,
    any_signature,
    instead,
    off,
    unremembered,
    without_rules,
)
from xieka.certificate.trust import parsed, purposes, signatures
from xieka.certificate.trust.rules import Rule
from xieka_service.auth import path, proofs
from xieka_service.ca.embedded import EmbeddedAuthority
from xieka_service.ca.revoked import Revoked
from xieka_service.ca.suites import RSA


def issued(**changes: Any) -> Callable[[Stage], str]:
    """Answered by a holder of this shape, issued by the trusted authority."""
    return lambda stage: stage.assertion(stage.issuing.issue(pki.holder(**changes)))


def under(shape: Callable[[], pki.Shape], **changes: Any) -> Callable[[Stage], str]:
    """Answered by a good holder under an intermediate authority of this shape, which the trusted root issued."""

    def answer(stage: Stage) -> str:
        between = stage.root.issue(shape())
        return stage.assertion(between.issue(pki.holder(**changes)), between)

    return answer


def stranger(stage: Stage) -> str:
    root = pki.self_signed(pki.authority("陌生根 CA", 3))
    return stage.assertion(root.issue(pki.holder()), root)


def twin(stage: Stage) -> str:
    """An authority that calls itself as the trusted one does, with a key of its own."""
    return stage.assertion(pki.self_signed(pki.authority("示例 CA", 3)).issue(pki.holder()))


def by_holder(stage: Stage) -> str:
    """A holder who plays authority for somebody else."""
    return stage.assertion(stage.holder.issue(pki.holder("冒名公司")), stage.holder)


def below_limit(stage: Stage) -> str:
    """The issuing authority may have no authority below it (pathLenConstraint 0)."""
    more = stage.issuing.issue(pki.authority("下级 CA", 4))
    return stage.assertion(more.issue(pki.holder()), more)


def too_deep(stage: Stage) -> str:
    chain = [stage.root]
    for number in range(10, 14):
        chain.append(chain[-1].issue(pki.authority(f"第 {number} 级 CA", number)))
    return stage.assertion(chain[-1].issue(pki.holder()), *reversed(chain[1:]))


def flipped(stage: Stage) -> str:
    der = bytearray(stage.holder.der)
    der[-1] ^= 1
    head = header(stage.holder)
    head["x5c"] = [base64.b64encode(bytes(der)).decode()]
    return jws(stage.holder.key, head, stage.claims())


def sha1(stage: Stage) -> str:
    assert isinstance(stage.issuing.key, rsa.RSAPrivateKey)
    der = pki.resigned(stage.holder.der, stage.issuing.key, algorithm=pki.RSA_SHA1)
    head = header(stage.holder)
    head["x5c"] = [base64.b64encode(der).decode()]
    return jws(stage.holder.key, head, stage.claims())


def accepting_sha1(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(signatures, "_BROKEN", frozenset())
    patch.setattr(signatures, "_RSA_HASHES", {**signatures._RSA_HASHES, pki.RSA_SHA1: hashes.SHA1})
    unremembered(patch)


def accepting_short_keys(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(signatures, "RSA_BITS", range(8193))
    unremembered(patch)


def anchor_over(stage: Stage) -> str:
    stage.clock.forward(timedelta(days=9 * 365).total_seconds())
    holder = stage.issuing.issue(pki.holder(ends=pki.NOW + 20 * 365 * pki.DAY))
    stage.clock.forward(timedelta(days=2 * 365).total_seconds())
    return stage.assertion(holder)


def second_encoding(stage: Stage) -> str:
    """The same certificate with a longer form of its outer length: another fingerprint for one certificate."""
    der = stage.holder.der
    assert der[1] == 0x82
    head = header(stage.holder)
    head["x5c"] = [base64.b64encode(der[:1] + b"\x83\x00" + der[2:]).decode()]
    return jws(stage.holder.key, head, stage.claims())


def revoked(stage: Stage) -> str:
    """Taken back by this service's own authority."""
    take_back(stage)
    return stage.assertion()


def take_back(stage: Stage) -> None:
    """As if the stage's authority were the service's own, and had revoked the holder's certificate."""
    own = stage.parts.config.data / RSA.folder
    own.mkdir()
    (own / "issuing.cer").write_bytes(stage.issuing.der)
    serial = stage.holder.certificate.serial_number
    Revoked(own / EmbeddedAuthority.REVOKED).add(serial, pki.NOW, x509.ReasonFlags.key_compromise)


def _authority(**changes: Any) -> Callable[[], pki.Shape]:
    return lambda: pki.replace(pki.authority("另一 CA", 5), **changes)


UNKNOWN = "1.3.6.1.4.1.99999.1"
NAMES = "2.5.29.30"
PERMITTED = bytes.fromhex("300ea00c300a82086578616d706c652e")

RESPONDERS = ("2.5.29.37", bytes.fromhex("300a06082b06010505070309"), True)
"""Extended key usage: signs OCSP answers, and nothing else."""

ATTACKS = {
    "certificate-in-second-encoding": Attack(second_encoding, ASSERTION, off(parsed, "_one_encoding")),
    "encryption-certificate": Attack(issued(usages=pki.ENCRYPTION), USAGE, off(proofs, "_check_usage")),
    "certificate-without-usage": Attack(issued(usages=None), USAGE, off(proofs, "_check_usage")),
    "nonrepudiation-only": Attack(issued(usages=frozenset({"content_commitment"})), USAGE, off(proofs, "_check_usage")),
    "certificate-of-a-responder": Attack(
        issued(extra=(RESPONDERS,)), USAGE, instead(purposes, "for_holders", lambda _: True)
    ),
    "certificate-expired": Attack(issued(ends=pki.NOW - pki.DAY), DATES, without_rules(Rule.DATES)),
    "certificate-of-tomorrow": Attack(issued(begins=pki.NOW + pki.DAY), DATES, without_rules(Rule.DATES)),
    "authority-expired": Attack(under(_authority(ends=pki.NOW - pki.DAY)), DATES, without_rules(Rule.DATES)),
    "anchor-expired": Attack(anchor_over, DATES, without_rules(Rule.DATES)),
    "certificate-revoked": Attack(revoked, REVOKED, off(proofs, "_check_revocation")),
    "stranger": Attack(stranger, UNTRUSTED, all_of(any_name, any_signature)),
    "twin-of-the-authority": Attack(twin, UNTRUSTED, any_signature),
    "certificate-flipped": Attack(flipped, UNTRUSTED, any_signature),
    "certificate-signed-with-sha1": Attack(sha1, UNTRUSTED, accepting_sha1),
    "other-issuer-name": Attack(issued(issuer_name="没有这个 CA"), UNTRUSTED, any_name),
    "issued-by-a-holder": Attack(by_holder, UNTRUSTED, without_rules(Rule.AUTHORITY, Rule.PATH_LENGTH)),
    "authority-without-ca": Attack(under(_authority(authority=False)), UNTRUSTED, without_rules(Rule.AUTHORITY)),
    "authority-without-constraints": Attack(
        under(_authority(authority=None)), UNTRUSTED, without_rules(Rule.AUTHORITY)
    ),
    "authority-without-cert-sign": Attack(
        under(_authority(usages=pki.SIGNING)), UNTRUSTED, without_rules(Rule.AUTHORITY)
    ),
    "authority-without-usage": Attack(under(_authority(usages=None)), UNTRUSTED, without_rules(Rule.AUTHORITY)),
    "authority-with-rsa-1024": Attack(under(_authority(key=pki.rsa_key(54, 1024))), UNTRUSTED, accepting_short_keys),
    "below-path-length": Attack(below_limit, UNTRUSTED, without_rules(Rule.PATH_LENGTH)),
    "too-deep": Attack(too_deep, UNTRUSTED, instead(path, "MAX_LENGTH", 6)),
    "unknown-critical-extension": Attack(
        issued(extra=((UNKNOWN, b"\5\0", True),)), UNTRUSTED, without_rules(Rule.EXTENSIONS)
    ),
    "authority-with-unknown-critical-extension": Attack(
        under(_authority(extra=((UNKNOWN, b"\5\0", True),))), UNTRUSTED, without_rules(Rule.EXTENSIONS)
    ),
    "name-constraints": Attack(
        under(_authority(extra=((NAMES, PERMITTED, True),))), UNTRUSTED, without_rules(Rule.EXTENSIONS)
    ),
    "name-constraints-not-critical": Attack(
        under(_authority(extra=((NAMES, PERMITTED, False),))), UNTRUSTED, without_rules(Rule.EXTENSIONS)
    ),
}
