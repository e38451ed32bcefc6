"""What a certificate's extended key usage lets its key be used for (RFC 5280, 4.2.1.12)."""

from __future__ import annotations

from asn1crypto.core import ObjectIdentifier, SequenceOf

from xieka.certificate.trust.parsed import Certificate

EXTENSION = "2.5.29.37"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
ANY = "2.5.29.37.0"

_HOLDERS = frozenset({CLIENT_AUTH, EMAIL_PROTECTION, ANY})
"""What certificates of people and organisations are issued for; Shanghai CA's have the first, or the first two."""


class _Purposes(SequenceOf):  # type: ignore[misc]  # asn1crypto has no types
    _child_spec = ObjectIdentifier


def of(certificate: Certificate) -> frozenset[str] | None:
    """OIDs; None without the extension, which leaves every purpose open. One that cannot be read names none."""
    if EXTENSION not in certificate.values:
        return None
    try:
        return frozenset(one.dotted for one in _Purposes.load(certificate.values[EXTENSION], strict=True))
    except Exception:  # noqa: BLE001
        # asn1crypto lets errors of many types through; what is not understood must not open anything.
        return frozenset()


def for_holders(certificate: Certificate) -> bool:
    """Whether its holder may show with it who he is."""
    purposes = of(certificate)
    return purposes is None or bool(purposes & _HOLDERS)


def for_answers_only(certificate: Certificate) -> bool:
    """Whether it is for answers about revocation and nothing else, or for nothing that can be read.

    One for time stamps only is left to be: a published seal (esldemo) has such a maker.
    """
    purposes = of(certificate)
    return purposes is not None and purposes <= {OCSP_SIGNING}
