"""Certification path validation, RFC 5280 section 6, for the profile of this service.

Own code because `cryptography.x509.verification` follows the web's profile (a subjectAltName in every end-entity
certificate) and cannot read some real SM2 authorities. What is not understood is refused. Revocation is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from cryptography.exceptions import InvalidSignature

from xieka.certificate.trust.parsed import Certificate
from xieka_service.auth.algorithms import CERTIFICATES, is_strong, load_key
from xieka_service.auth.refusals import CERTIFICATE_DATES, CERTIFICATE_UNTRUSTED
from xieka_service.http.problems import Refusal

MAX_LENGTH = 5
"""Certificates of a path, holder and anchor included."""

Path = tuple[Certificate, ...]
"""The holder's certificate first, the anchor last."""

_UNDERSTOOD = frozenset(f"2.5.29.{number}" for number in (14, 15, 17, 18, 19, 31, 32, 35, 37))
"""Key identifiers, key usage, alternative names, basic constraints, CRL points, policies, extended key usage."""
_NAME_CONSTRAINTS = "2.5.29.30"


def validate(
    holder: Certificate, between: Sequence[Certificate], anchors: Sequence[Certificate], now: datetime
) -> Path:
    """A path from `holder` over any of `between` to one of `anchors` that holds in every point.

    Raises Refusal: auth.certificate_dates when only the dates are against a path, else auth.certificate_untrusted.
    """
    outdated = False
    for path in _paths((holder,), between, anchors):
        if all(map(_vouched, path, path[1:], range(len(path)))) and all(map(_understood, path)):
            if all(_in_time(certificate, now) for certificate in path):
                return path
            outdated = True
    raise Refusal(CERTIFICATE_DATES if outdated else CERTIFICATE_UNTRUSTED)


def _paths(begun: Path, between: Iterable[Certificate], anchors: Sequence[Certificate]) -> Iterator[Path]:
    last = begun[-1]
    yield from ((*begun, anchor) for anchor in anchors if _named(last, anchor))
    for issuer in between:
        if _named(last, issuer) and _new(issuer, begun) and _short(begun):
            yield from _paths((*begun, issuer), between, anchors)


def _named(certificate: Certificate, issuer: Certificate) -> bool:
    return certificate.issuer == issuer.subject


def _new(issuer: Certificate, begun: Path) -> bool:
    # RFC 4158, 2.4.2: the same name with the same key again is a loop.
    return all((issuer.subject, issuer.key_info) != (other.subject, other.key_info) for other in begun)


def _short(begun: Path) -> bool:
    return len(begun) + 2 <= MAX_LENGTH


def _vouched(certificate: Certificate, issuer: Certificate, below: int) -> bool:
    """Whether `issuer` may issue and has issued; `below` certificates stand between it and the holder's."""
    return (
        _is_authority(issuer) and _may_certify(issuer) and _long_enough(issuer, below) and _signed(certificate, issuer)
    )


def _is_authority(issuer: Certificate) -> bool:
    return issuer.is_authority


def _may_certify(issuer: Certificate) -> bool:
    return issuer.usages is not None and "key_cert_sign" in issuer.usages


def _long_enough(issuer: Certificate, below: int) -> bool:
    # Self-issued certificates are counted as well, which RFC 5280 would let pass: none is needed here.
    return issuer.path_length is None or below <= issuer.path_length


def _signed(certificate: Certificate, issuer: Certificate) -> bool:
    algorithm = CERTIFICATES.get(certificate.algorithm)
    if algorithm is None:
        return False
    try:
        key = load_key(issuer.key_info)
        if not is_strong(key) or not algorithm.fits(key):
            return False
        algorithm.check(key, certificate.signature, certificate.signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _understood(certificate: Certificate) -> bool:
    # Name constraints must bind even where an authority forgot to mark them critical (RFC 5280, 4.2.1.10).
    return certificate.critical <= _UNDERSTOOD and _NAME_CONSTRAINTS not in certificate.extensions


def _in_time(certificate: Certificate, now: datetime) -> bool:
    return certificate.not_before <= now <= certificate.not_after
