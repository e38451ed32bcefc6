"""Write objects onto a SoftHSM token: `python -m tests.tokens.fill`, specification as JSON on stdin.

A process of its own, because SoftHSM reads its configuration from the environment once.
`{"serial", "pin", "keys": [{"id", "private", "public", "ec", "sign", "always"}],
"certificates": [{"id", "label", "der"}], "data": [{"label", "application", "value"}]}`; ids, labels and bytes as hex,
so that a label need not be UTF-8. A key's `private` is its PKCS#1 (RSA) or SEC 1 form, `public` its PKCS#1 or
SubjectPublicKeyInfo form, or empty; `sign` and `always` are CKA_SIGN and CKA_ALWAYS_AUTHENTICATE.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pkcs11
from pkcs11.attributes import AttributeMapper
from pkcs11.constants import Attribute, CertificateType, ObjectClass
from pkcs11.util.ec import decode_ec_private_key, decode_ec_public_key
from pkcs11.util.rsa import decode_rsa_private_key, decode_rsa_public_key

MODULE = "/usr/lib/softhsm/libsofthsm2.so"


class _RawText(AttributeMapper):  # type: ignore[misc]
    """Texts are given as bytes."""

    def __init__(self) -> None:
        super().__init__()
        for attribute in (Attribute.LABEL, Attribute.APPLICATION):
            self.register_handler(attribute, bytes, bytes)


def main() -> None:
    spec = json.load(sys.stdin)
    token = pkcs11.lib(MODULE).get_token(token_serial=spec["serial"].encode())
    with token.open(rw=True, user_pin=spec["pin"], attribute_mapper=_RawText()) as session:
        for key in spec["keys"]:
            for attributes in _key_objects(key):
                session.create_object(attributes | {Attribute.TOKEN: True, Attribute.ID: bytes.fromhex(key["id"])})
        for item in spec["certificates"]:
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.PRIVATE: False,
                    Attribute.ID: bytes.fromhex(item["id"]),
                    Attribute.LABEL: bytes.fromhex(item["label"]),
                    Attribute.SUBJECT: bytes.fromhex(item["subject"]),
                    Attribute.VALUE: bytes.fromhex(item["der"]),
                }
            )
        for item in spec["data"]:
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.DATA,
                    Attribute.TOKEN: True,
                    Attribute.PRIVATE: False,
                    Attribute.LABEL: bytes.fromhex(item["label"]),
                    Attribute.APPLICATION: bytes.fromhex(item["application"]),
                    Attribute.VALUE: bytes.fromhex(item["value"]),
                }
            )


def _key_objects(key: dict[str, Any]) -> list[dict[Attribute, Any]]:
    private, public = bytes.fromhex(key["private"]), bytes.fromhex(key["public"])
    attributes = (decode_ec_private_key if key["ec"] else decode_rsa_private_key)(private)
    objects = [attributes | {Attribute.SIGN: key["sign"], Attribute.ALWAYS_AUTHENTICATE: key["always"]}]
    if public:
        objects.append((decode_ec_public_key if key["ec"] else decode_rsa_public_key)(public))
    return objects


if __name__ == "__main__":
    main()
