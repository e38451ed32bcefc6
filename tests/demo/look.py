"""Looks at a SoftHSM from a process of its own: `python look.py MODULE [PIN]`, SOFTHSM2_CONF set; prints JSON.

With a PIN every token is logged in to, its signing key signs and its encryption key decrypts; the public halves come
from the certificates.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import pkcs11
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import load_der_x509_certificate
from pkcs11 import Attribute, Mechanism, ObjectClass, TokenFlag


def used(session: Any, certificates: dict[str, str]) -> str:
    keys = {}
    for object_id, der in certificates.items():
        public = load_der_x509_certificate(bytes.fromhex(der)).public_key()
        keys[object_id] = public, session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=bytes.fromhex(object_id))
    public, private = keys["01"]
    signature = private.sign(b"message", mechanism=Mechanism.SHA256_RSA_PKCS)
    public.verify(signature, b"message", padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr, call-arg]
    public, private = keys["02"]
    sealed = public.encrypt(b"message", padding.PKCS1v15())  # type: ignore[union-attr]
    if private.decrypt(sealed, mechanism=Mechanism.RSA_PKCS) != b"message":
        return "wrong decryption"
    return "extractable" if private[Attribute.EXTRACTABLE] else "works"


def look(token: Any, pin: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"label": token.label, "certificates": {}, "labels": [], "data": []}
    with token.open() as session:
        for thing in list(session.get_objects()):
            if thing[Attribute.CLASS] == ObjectClass.CERTIFICATE:
                found["certificates"][thing[Attribute.ID].hex()] = thing[Attribute.VALUE].hex()
                found["labels"].append(thing[Attribute.LABEL])
            if thing[Attribute.CLASS] == ObjectClass.DATA:
                found["data"].append(
                    [thing[Attribute.APPLICATION], thing[Attribute.LABEL], thing[Attribute.VALUE].hex()]
                )
    if pin is not None:
        try:
            with token.open(user_pin=pin) as session:
                found["pin"] = used(session, found["certificates"])
        except pkcs11.exceptions.PinIncorrect:
            found["pin"] = "incorrect"
        except pkcs11.exceptions.PinLocked:
            found["pin"] = "locked"
    fresh = token.slot.get_token()
    found["flags"] = [flag.name for flag in TokenFlag if flag & fresh.flags and "USER_PIN_" in flag.name]
    return found


def main() -> None:
    module, *pin = sys.argv[1:]
    tokens = [t for t in pkcs11.lib(module).get_tokens() if t.flags & TokenFlag.TOKEN_INITIALIZED]
    report = {t.serial.decode().strip(): look(t, pin[0] if pin else None) for t in tokens}
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main()
