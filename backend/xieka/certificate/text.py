"""Names and strings of a certificate as text that is safe to show."""

from __future__ import annotations

from typing import Any as Untyped

from asn1crypto.core import TeletexString

from xieka.core import messages
from xieka.core.text import decode_chinese, plain

COMMON_NAME = "2.5.4.3"
ORGANIZATION = "2.5.4.10"


def string(value: Untyped) -> str:
    """An ASN.1 value as text: the characters of a string type, the hex of its DER for anything else."""
    parsed = value.parse()
    if isinstance(parsed, TeletexString):
        # In practice nobody means T.61 by it: programs without Unicode put their own code page there.
        return plain(decode_chinese(parsed.contents))
    native = parsed.native
    return plain(native) if isinstance(native, str) else value.dump().hex().upper()


def fields(name: Untyped) -> list[tuple[str, str, str]]:
    """(OID, attribute name in the user's language or the OID again, value) of a name, in its order."""
    known = messages.names("distinguished_name")
    found = []
    for relative in name:
        for attribute in relative:
            oid = attribute["type"].dotted
            found.append((oid, known.get(oid, oid), string(attribute["value"])))
    return found


def holder(name: Untyped) -> str:
    """The last CN (the most specific one), else the last O, else the whole name."""
    values = {oid: value for oid, _, value in fields(name) if value.strip()}
    return values.get(COMMON_NAME) or values.get(ORGANIZATION) or one_line(name)


def one_line(name: Untyped) -> str:
    """The whole distinguished name in one line."""
    return ", ".join(f"{label}={value}" for _, label, value in fields(name))


def hexadecimal(value: bytes) -> str:
    """Upper-case hex without separators."""
    return value.hex().upper()


def integer(value: int) -> str:
    """An INTEGER as upper-case hex of whole octets; a minus sign for the (forbidden) negative ones."""
    digits = f"{abs(value):X}"
    return ("-" if value < 0 else "") + digits.zfill(len(digits) + len(digits) % 2)
