"""Extensions of a certificate, each with a name and a value people can read."""

# asn1crypto has no types.
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections.abc import Callable
from typing import Any as Untyped
from typing import ClassVar

from asn1crypto.core import Any, Choice, Null, ObjectIdentifier, PrintableString, Sequence, SequenceOf
from asn1crypto.core import load as load_any

from xieka.certificate import describe, text
from xieka.certificate.models import Extension
from xieka.certificate.soundness import sound
from xieka.certificate.structure import Fields, Name
from xieka.core import messages
from xieka.core.text import plain

EXTENDED_KEY_USAGE = "2.5.29.37"

_ANY_POLICY = "2.5.29.32.0"
_CPS = "1.3.6.1.5.5.7.2.1"
_USER_NOTICE = "1.3.6.1.5.5.7.2.2"
_ACCESS_WORDS = {"1.3.6.1.5.5.7.48.1": "ocsp", "1.3.6.1.5.5.7.48.2": "ca_issuers"}
_NAME_WORDS = {"rfc822_name": "email", "dns_name": "domain", "ip_address": "address"}


class Purposes(SequenceOf):
    """ExtKeyUsageSyntax, RFC 5280, 4.2.1.12."""

    _child_spec = ObjectIdentifier


class _Qualifier(Sequence):
    _fields: ClassVar[Fields] = [("id", ObjectIdentifier), ("qualifier", Any)]


class _Qualifiers(SequenceOf):
    _child_spec = _Qualifier


class _Policy(Sequence):
    _fields: ClassVar[Fields] = [("id", ObjectIdentifier), ("qualifiers", _Qualifiers, {"optional": True})]


class _Policies(SequenceOf):
    # CertificatePolicies, RFC 5280, 4.2.1.4
    _child_spec = _Policy


class _PersonalId(Choice):
    # GM/T 0015: the kind of document is the tag; real ones are PrintableString
    _alternatives: ClassVar[Fields] = [
        ("0", PrintableString, {"explicit": 0}),
        ("1", PrintableString, {"explicit": 1}),
        ("2", PrintableString, {"explicit": 2}),
    ]


def read(tbs: Untyped) -> list[Extension]:
    """All extensions in the certificate's order. A value that cannot be understood is shown as hex."""
    if not tbs["extensions"]:
        return []
    known = messages.names("extension")
    found = []
    for extension in tbs["extensions"]:
        oid = extension["oid"].dotted
        der = extension["value"].native
        found.append(
            Extension(
                oid=oid,
                name=known.get(oid, oid),
                known=oid in known,
                critical=extension["critical"].native,
                value=_readable(oid, der) if oid in known else text.hexadecimal(der),
            )
        )
    return found


def purposes(der: bytes) -> list[str]:
    """extKeyUsage in the user's language, in its order; an OID where no name is known."""
    known = messages.names("extended_key_usage")
    return [known.get(oid.dotted, oid.dotted) for oid in Purposes.load(der, strict=True)]


def policy_ids(der: bytes) -> list[str]:
    """OIDs of certificatePolicies; none where they cannot be read."""
    try:
        return [policy["id"].dotted for policy in _Policies.load(der, strict=True)] if sound(der) else []
    except (ValueError, TypeError):
        return []


def _readable(oid: str, der: bytes) -> str:
    reader = _READERS.get(oid, _string)
    try:
        return reader(der) if sound(der) else text.hexadecimal(der)
    except Exception:  # noqa: BLE001
        # One broken or unforeseen value must not hide the others; its bytes are still shown.
        return text.hexadecimal(der)


def _words() -> dict[str, str]:
    return messages.names("extension_word")


def _string(der: bytes) -> str:
    native = load_any(der, strict=True).native
    return plain(native) if isinstance(native, str) else text.hexadecimal(der)


def _key_usage(der: bytes) -> str:
    return "、".join(describe.usages({describe.KEY_USAGE: der}))


def _purposes(der: bytes) -> str:
    return "、".join(purposes(der))


def _key_identifier(der: bytes) -> str:
    return text.hexadecimal(load_any(der, strict=True).native)


def _authority_key_identifier(der: bytes) -> str:
    from asn1crypto.x509 import AuthorityKeyIdentifier

    value = AuthorityKeyIdentifier.load(der, strict=True)
    parts = []
    if value["key_identifier"]:
        parts.append(_words()["key_id"].format(id=text.hexadecimal(value["key_identifier"].native)))
    if value["authority_cert_issuer"]:
        names = "，".join(_general_name(name) for name in value["authority_cert_issuer"])
        parts.append(_words()["issuer"].format(name=names))
    if value["authority_cert_serial_number"].native is not None:
        serial = text.integer(value["authority_cert_serial_number"].native)
        parts.append(_words()["serial"].format(serial=serial))
    return "；".join(parts)


def _basic_constraints(der: bytes) -> str:
    from asn1crypto.x509 import BasicConstraints

    value = BasicConstraints.load(der, strict=True)
    if not value["ca"].native:
        return _words()["ca_no"]
    length = value["path_len_constraint"].native
    limit = _words()["path_unlimited"] if length is None else _words()["path_length"].format(n=length)
    return f"{_words()['ca_yes']}；{limit}"


def _policies(der: bytes) -> str:
    lines = []
    for policy in _Policies.load(der, strict=True):
        oid = policy["id"].dotted
        lines.append(_words()["any_policy"] if oid == _ANY_POLICY else _words()["policy"].format(oid=oid))
        for qualifier in policy["qualifiers"] or ():
            lines.append(_qualifier(qualifier["id"].dotted, qualifier["qualifier"]))
    return "；".join(line for line in lines if line)


def _qualifier(oid: str, value: Untyped) -> str:
    if oid == _CPS:
        return _words()["statement"].format(url=text.string(value))
    if oid == _USER_NOTICE:
        # UserNotice ::= SEQUENCE { noticeRef OPTIONAL, explicitText OPTIONAL }: the text is its one string.
        notice = Sequence.load(value.dump())
        texts = [item.native for item in (notice[i] for i in range(len(notice)))]
        return _words()["notice"].format(text="".join(plain(t) for t in texts if isinstance(t, str)))
    return oid


def _general_names(der: bytes) -> str:
    from asn1crypto.x509 import GeneralNames

    return "；".join(_general_name(name) for name in GeneralNames.load(der, strict=True))


def _general_name(name: Untyped) -> str:
    words = _words()
    if name.name == "uniform_resource_identifier":
        return plain(name.native)
    if name.name == "directory_name":
        return words["directory"].format(value=text.one_line(Name.load(name.chosen.chosen.untag().dump())))
    if name.name in _NAME_WORDS:
        return words[_NAME_WORDS[name.name]].format(value=plain(name.native))
    return words["other"].format(value=text.hexadecimal(name.dump()))


def _distribution_points(der: bytes) -> str:
    from asn1crypto.x509 import CRLDistributionPoints

    places = []
    for point in CRLDistributionPoints.load(der, strict=True):
        where = point["distribution_point"]
        if where and where.name == "full_name":
            places += [_general_name(name) for name in where.chosen]
        else:
            places.append(text.hexadecimal(point.dump()))
    return "；".join(places)


def _information_access(der: bytes) -> str:
    from asn1crypto.x509 import AuthorityInfoAccessSyntax

    words = _words()
    lines = []
    for description in AuthorityInfoAccessSyntax.load(der, strict=True):
        oid = description["access_method"].dotted
        word = words[_ACCESS_WORDS.get(oid, "access")]
        lines.append(word.format(oid=oid, url=_general_name(description["access_location"])))
    return "；".join(lines)


def _personal_id(der: bytes) -> str:
    value = _PersonalId.load(der, strict=True)
    return f"{messages.names('personal_id')[value.name]} {plain(value.chosen.native)}"


def _legacy(der: bytes) -> str:
    known = messages.names("extension")
    return "；".join(f"{known.get(oid, oid)} {value}" for oid, value in describe.legacy_items(der))


def _nothing(der: bytes) -> str:
    Null.load(der, strict=True)
    return ""


_READERS: dict[str, Callable[[bytes], str]] = {
    "2.5.29.14": _key_identifier,
    "2.5.29.15": _key_usage,
    "2.5.29.17": _general_names,
    "2.5.29.18": _general_names,
    "2.5.29.19": _basic_constraints,
    "2.5.29.31": _distribution_points,
    "2.5.29.32": _policies,
    "2.5.29.35": _authority_key_identifier,
    EXTENDED_KEY_USAGE: _purposes,
    "2.5.29.46": _distribution_points,
    "1.3.6.1.5.5.7.1.1": _information_access,
    "1.3.6.1.5.5.7.1.11": _information_access,
    "1.3.6.1.5.5.7.48.1.5": _nothing,
    "1.2.156.10260.4.1.1": _personal_id,
    describe.LEGACY_CONTAINER: _legacy,
}
