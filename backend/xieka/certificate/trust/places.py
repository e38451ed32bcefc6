"""Where a certificate says its revocation can be asked for. Addresses of http and https only.

Where its issuer's certificate can be had (caIssuers) is not read: only what certificates that are trusted already say
is fetched, and whose issuer is missing is not trusted yet.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any as Untyped
from urllib.parse import urlsplit

from asn1crypto.x509 import AuthorityInfoAccessSyntax, CRLDistributionPoints

from xieka.certificate.trust.parsed import Certificate

log = logging.getLogger(__name__)

_CRL_POINTS = "2.5.29.31"
_INFORMATION = "1.3.6.1.5.5.7.1.1"
_OCSP = "1.3.6.1.5.5.7.48.1"
_MAX = 4
"""Addresses of one kind that are looked at: real certificates have one or two."""
_MAX_LENGTH = 1024


@dataclass(frozen=True, slots=True)
class Places:
    """LDAP addresses, which often come first, are left out."""

    ocsp: tuple[str, ...] = ()
    crl: tuple[str, ...] = ()


def of(certificate: Certificate) -> Places:
    """The addresses in a certificate, in its order. An extension that cannot be read names none."""
    return Places(
        ocsp=_some(_responders(certificate)),
        crl=_some(_points(certificate)),
    )


def _some(urls: Iterator[str]) -> tuple[str, ...]:
    found: list[str] = []
    try:
        for url in urls:
            if url not in found and usable(url) and len(found) < _MAX:
                found.append(url)
    except Exception:
        # asn1crypto parses as it is read and lets errors of many types through.
        log.debug("addresses not understood", exc_info=True)
    return tuple(found)


def usable(url: str) -> bool:
    """An address that may be put into a request."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = len(url) <= _MAX_LENGTH and url.isascii() and url.isprintable() and not set(' "<>\\^`{|}') & set(url)
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def names_at(certificate: Certificate, url: str) -> set[bytes]:
    """DER of every name of the distribution points that have this address, LDAP and directory names too."""
    return {name.dump() for names in _point_names(certificate) if url in _addresses(names) for name in names}


def _points(certificate: Certificate) -> Iterator[str]:
    for names in _point_names(certificate):
        yield from _addresses(names)


def _point_names(certificate: Certificate) -> Iterator[Untyped]:
    if _CRL_POINTS not in certificate.values:
        return
    for point in CRLDistributionPoints.load(certificate.values[_CRL_POINTS], strict=True):
        # A list for some reasons only, or of another issuer, does not answer for this certificate.
        if point["reasons"].native is not None or point["crl_issuer"].native is not None:
            continue
        where = point["distribution_point"]
        if where and where.name == "full_name":
            yield where.chosen


def _responders(certificate: Certificate) -> Iterator[str]:
    if _INFORMATION not in certificate.values:
        return
    for description in AuthorityInfoAccessSyntax.load(certificate.values[_INFORMATION], strict=True):
        if description["access_method"].dotted == _OCSP:
            yield from _addresses([description["access_location"]])


def _addresses(names: Untyped) -> list[str]:
    found = []
    for name in names:
        if name.name == "uniform_resource_identifier":
            # As written: asn1crypto's own value has international names decoded.
            found.append(name.chosen.contents.decode("ascii"))
    return found
