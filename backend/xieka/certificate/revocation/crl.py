"""Certificate revocation lists (RFC 5280, section 5), whole or partitioned by distribution point."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any as Untyped

from asn1crypto import crl

from xieka.certificate import structure
from xieka.certificate.revocation import listing
from xieka.certificate.revocation.models import Answer, Status, Times
from xieka.certificate.structure import AlgorithmIdentifier, Extensions, Time
from xieka.certificate.trust import signatures
from xieka.certificate.trust.names import comparable
from xieka.certificate.trust.parsed import Certificate
from xieka.certificate.trust.places import names_at
from xieka.certificate.trust.signatures import Judgement

MAX_BYTES = 16 * 1024 * 1024
LONGEST = timedelta(days=7)
"""How long a list that does not say its end counts (RFC 5280 wants one to say it)."""
USERS_AT_MOST = timedelta(days=10)
AUTHORITIES_AT_MOST = timedelta(days=366)
"""How long one counts that says a later end. An authority writes what it likes there, a stolen key too; the browsers'
rules want a new list within these times (CA/Browser Forum, Baseline Requirements 4.9.7), and rare work with a root's
key is why lists of authorities may be older."""

_POINT = "2.5.29.28"
_DELTA = "2.5.29.27"
# Not by asn1crypto, whose time grows with the square of the lines.
_ARMOUR = re.compile(rb"\s*-----BEGIN X509 CRL-----\s([A-Za-z0-9+/=\s]+)-----END X509 CRL-----\s*")
_HOLD = "certificate_hold"
_UNDERSTOOD = frozenset({_POINT, "2.5.29.20", "2.5.29.35", "2.5.29.18"})
"""Issuing distribution point, number, key identifier, alternative names. A delta list's mark is not among them."""


def judge(data: bytes, url: str, certificate: Certificate, issuer: Certificate, now: datetime) -> Answer:
    """What the list found at `url` says about `certificate`. Never raises."""
    try:
        return _judge(data, url, certificate, issuer, now)
    except Exception as error:  # noqa: BLE001
        # asn1crypto lets errors of many types through; a stranger's bytes must not end the checking.
        return Answer(Status.UNREADABLE, detail=type(error).__name__)


def _judge(data: bytes, url: str, certificate: Certificate, issuer: Certificate, now: datetime) -> Answer:
    if (armoured := _ARMOUR.fullmatch(data)) is not None:
        data = b64decode(armoured[1])
    list_ = listing.outline(data)
    algorithm = AlgorithmIdentifier.load(list_.algorithm, strict=True)["algorithm"].dotted
    judgement = signatures.judge(issuer.key_info, algorithm, list_.signed, list_.signature)
    # Names are a stranger's until the signature holds.
    if judgement is not Judgement.GOOD or not _may_sign(issuer):
        return Answer(Status.WRONG_SIGNER)
    if comparable(list_.issuer) != comparable(certificate.issuer):
        return Answer(Status.WRONG_SIGNER)
    extensions = Extensions.load(list_.extensions, strict=True) if list_.extensions is not None else ()
    demands = {one["oid"].dotted for one in extensions if one["critical"].native} - _UNDERSTOOD
    trouble = _not_for(extensions, url, certificate)
    if trouble is not None:
        # Another's list, or a part of one: whoever stands there may be somebody else.
        return Answer(Status.UNREADABLE, detail=trouble, demands=_written(demands))
    entries = listing.look(list_, certificate.serial)
    found = [] if listing.OTHER_ISSUER in entries.demands else entries.found
    answer = _answer(_times(list_, certificate), found, now)
    if demands or entries.demands:
        # RFC 5280, 5.2, 5.3: then the list says nothing about anybody; a good word of before does not outdo it, though.
        return replace(answer, status=Status.UNREADABLE, demands=_written(demands or entries.demands))
    return answer


def _written(oids: set[str]) -> str:
    return ", ".join(sorted(oids))


def _times(list_: listing.Outline, certificate: Certificate) -> Times:
    at_most = AUTHORITIES_AT_MOST if certificate.is_authority else USERS_AT_MOST
    begin = structure.instant(Time.load(list_.this_update, strict=True))
    end = list_.next_update
    return Times.of(begin, structure.instant(Time.load(end, strict=True)) if end else None, LONGEST, at_most)


def _answer(times: Times, entries: list[Untyped], now: datetime) -> Answer:
    untimely = times.untimely(now)
    # RFC 5280, 6.3.3 k: listed as taken off the list again is not revoked. It belongs into delta lists.
    told = [(reason, one) for one in entries if (reason := _reason(one)) != "remove_from_crl"]
    if not told:
        return Answer.at(untimely or Status.GOOD, times)
    reason, entry = min(told, key=lambda pair: pair[0] == _HOLD)
    # Revoked stays revoked, even where the list is old; only a hold can end.
    final = reason != _HOLD and untimely is not Status.FUTURE
    status = Status.REVOKED if final or not untimely else untimely
    return Answer.at(status, times, structure.instant(entry["at"]), reason)


def _may_sign(issuer: Certificate) -> bool:
    return issuer.usages is None or "crl_sign" in issuer.usages


def _not_for(extensions: Untyped, url: str, certificate: Certificate) -> str | None:
    """Why the list does not answer for this certificate; None when it does (RFC 5280, 5.2.5, 6.3.3)."""
    for extension in extensions:
        oid = extension["oid"].dotted
        if oid == _POINT:
            point = crl.IssuingDistributionPoint.load(extension["value"].native, strict=True)
            if (trouble := _other_part(point, url, certificate)) is not None:
                return trouble
        if oid == _DELTA:
            return "delta"
    return None


def _other_part(point: Untyped, url: str, certificate: Certificate) -> str | None:
    if point["indirect_crl"].native or point["only_contains_attribute_certs"].native:
        return "indirect"
    if point["only_some_reasons"].native is not None:
        return "some reasons"
    if point["only_contains_user_certs"].native and certificate.is_authority:
        return "users only"
    if point["only_contains_ca_certs"].native and not certificate.is_authority:
        return "authorities only"
    where = point["distribution_point"]
    # One of the names in the list and of those in the certificate must be the same: else one part of the list would
    # stand in for another. A name relative to the issuer's is not among ours.
    if where and (where.name != "full_name" or not {name.dump() for name in where.chosen} & names_at(certificate, url)):
        return "another part"
    return None


def _reason(entry: Untyped) -> str:
    """ "" when none is given that is known: whose reason cannot be read is revoked all the same."""
    for extension in entry["extensions"] or ():
        if extension["oid"].dotted == listing.REASON:
            try:
                return str(crl.CRLReason.load(extension["value"].native, strict=True).native)
            except (ValueError, KeyError, TypeError):
                return ""
    return ""
