"""What a parsed certificate means for people: role, identifiers, algorithms."""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from typing import Any as Untyped
from typing import ClassVar

from asn1crypto.core import BitString, Integer, ObjectIdentifier, OctetString, Sequence, SequenceOf
from asn1crypto.core import load as load_any

from xieka.certificate import text
from xieka.certificate.models import Role
from xieka.certificate.soundness import sound
from xieka.certificate.structure import Fields
from xieka.core import messages
from xieka.core.text import plain
from xieka.gm import identifiers

KEY_USAGE = "2.5.29.15"
USCC = "1.2.156.112570.11.210"
UNIQUE_ID = "1.2.156.112570.11.205"
ORG_CODE = "1.2.156.10260.4.1.4"
LEGACY_CONTAINER = "1.2.156.1.8888"
LEGACY_UNIQUE_ID = "1.2.156.1.8888.148"

_SIGNING_BITS = frozenset({0, 1})
_ENCRYPTION_BITS = frozenset({2, 3, 4})
_SIGNS_CERTIFICATES = 5
_RSA = frozenset({"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"})
_EC = "1.2.840.10045.2.1"
# Letters in front of an identifier inside a unique id, as seen: credit code, organisation code.
_ID_PREFIXES = ("XY", "JJ")


class LegacyItem(Sequence):
    """One entry of the container 1.2.156.1.8888."""

    _fields: ClassVar[Fields] = [("oid", ObjectIdentifier), ("value", OctetString)]


class LegacyItems(SequenceOf):
    """The container 1.2.156.1.8888 of SHECA's certificates before 一证通."""

    _child_spec = LegacyItem


class _RsaPublicKey(Sequence):
    # RFC 8017, A.1.1
    _fields: ClassVar[Fields] = [("modulus", Integer), ("exponent", Integer)]


def extension_values(tbs: Untyped) -> dict[str, bytes]:
    """OID → DER of the extension's value. Of an extension that appears twice (forbidden) the first counts."""
    found: dict[str, bytes] = {}
    if tbs["extensions"]:
        for extension in tbs["extensions"]:
            found.setdefault(extension["oid"].dotted, extension["value"].native)
    return found


def usage_bits(extensions: dict[str, bytes]) -> frozenset[int]:
    """Numbers of the keyUsage bits that are set; empty without the extension."""
    der = extensions.get(KEY_USAGE)
    if der is None:
        return frozenset()
    bits = BitString.load(der, strict=True).native
    return frozenset(number for number, bit in enumerate(bits) if bit)


def role(extensions: dict[str, bytes]) -> Role | None:
    """By keyUsage (GB/T 20518): digitalSignature or nonRepudiation sign; a key for both counts as signing.

    A certificate that may sign certificates is an authority's, kept beside the holder's own: it has no role.
    """
    bits = usage_bits(extensions)
    if _SIGNS_CERTIFICATES in bits:
        return None
    if bits & _SIGNING_BITS:
        return Role.SIGNING
    return Role.ENCRYPTION if bits & _ENCRYPTION_BITS else None


def usages(extensions: dict[str, bytes]) -> list[str]:
    """keyUsage in the user's language, in bit order."""
    known = messages.names("key_usage")
    return [known.get(str(bit), str(bit)) for bit in sorted(usage_bits(extensions))]


def string_value(der: bytes) -> str:
    """The text of a private extension or container item: a DER string, or bare characters."""
    try:
        native = load_any(der, strict=True).native if sound(der) else None
    except (ValueError, TypeError):
        native = None
    if isinstance(native, str):
        return plain(native)
    try:
        return plain(der.decode("utf-8"))
    except UnicodeDecodeError:
        return text.hexadecimal(der)


def legacy_items(der: bytes) -> list[tuple[str, str]]:
    """(OID, text) of the entries of the container 1.2.156.1.8888."""
    if not sound(der):
        raise ValueError("outline")
    items = LegacyItems.load(der, strict=True)
    return [(item["oid"].dotted, string_value(item["value"].native)) for item in items]


def organisation_ids(extensions: dict[str, bytes]) -> tuple[str | None, str | None]:
    """(统一社会信用代码, 组织机构代码) of the holder, each None when the certificate does not tell.

    Their own extensions count as written; inside a unique id only identifiers with right check characters
    count. A credit code contains the organisation code (GB 32100-2015: characters 9 to 17).
    """
    uscc = string_value(extensions[USCC]).strip() if USCC in extensions else None
    org_code = string_value(extensions[ORG_CODE]).strip() if ORG_CODE in extensions else None
    for unique_id in _unique_ids(extensions):
        candidate = identifiers.normalize(unique_id.rpartition("@")[2])
        if candidate.startswith(_ID_PREFIXES) and len(candidate) in (11, 20):
            candidate = candidate[2:]
        if not uscc and identifiers.is_uscc(candidate):
            uscc = candidate
        if not org_code and identifiers.is_org_code(candidate):
            org_code = candidate
    if not org_code and uscc and identifiers.is_uscc(uscc):
        org_code = uscc[8:17]
    if org_code and identifiers.is_org_code(identifiers.normalize(org_code)):
        org_code = identifiers.written_org_code(identifiers.normalize(org_code))
    return uscc or None, org_code or None


def _unique_ids(extensions: dict[str, bytes]) -> list[str]:
    found = [string_value(extensions[UNIQUE_ID])] if UNIQUE_ID in extensions else []
    if LEGACY_CONTAINER in extensions:
        try:
            items = legacy_items(extensions[LEGACY_CONTAINER])
        except (ValueError, TypeError):
            # The container's form is known from samples only: another one costs its content, no more.
            return found
        found += [value for oid, value in items if oid == LEGACY_UNIQUE_ID]
    return found


def public_key(info: Untyped) -> tuple[str, str]:
    """(algorithm with size, hex of the modulus for RSA, of the key bits otherwise)."""
    known = messages.names("key_algorithm")
    algorithm = info["algorithm"]["algorithm"].dotted
    bits = info["public_key"].native
    if algorithm in _RSA and sound(bits):
        modulus = _RsaPublicKey.load(bits, strict=True)["modulus"].native
        return known[algorithm].format(bits=modulus.bit_length()), text.integer(modulus)
    curve = algorithm
    parameters = info["algorithm"]["parameters"]
    if algorithm == _EC and parameters:
        # A named curve is an OBJECT IDENTIFIER; explicit parameters keep the general name.
        named = parameters.native
        curve = named if isinstance(named, str) else algorithm
    return known.get(curve, curve), text.hexadecimal(bits)


def signature_algorithm(oid: str) -> str:
    """Name of a signature algorithm, or its OID again."""
    return messages.names("signature_algorithm").get(oid, oid)
