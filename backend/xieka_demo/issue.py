"""Puts keys, certificates and a seal on a practice Ukey, through SoftHSM's own PKCS#11 interface.

Both key pairs are generated in the token. A real authority generates the encryption pair in its key management
centre and keeps a copy; the practice authority keeps none, so there is nothing to deliver.
"""

from __future__ import annotations

import ctypes
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any as Untyped

import pkcs11
from cryptography.hazmat.primitives import serialization
from pkcs11 import Attribute, KeyType, MechanismFlag, ObjectClass, TokenFlag
from pkcs11.util.rsa import encode_rsa_public_key
from pkcs11.util.x509 import decode_x509_certificate

from xieka.certificate.models import Role
from xieka.core import messages
from xieka_demo import sealing
from xieka_demo.people import PIN, Person
from xieka_service.ca.embedded import EmbeddedAuthority
from xieka_service.ca.port import Order

SEAL_APPLICATION = "SESeal"

_IDS = {Role.SIGNING: b"\x01", Role.ENCRYPTION: b"\x02"}
_CAPABILITIES = {
    Role.SIGNING: MechanismFlag.SIGN | MechanismFlag.VERIFY,
    Role.ENCRYPTION: MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT | MechanismFlag.WRAP | MechanismFlag.UNWRAP,
}
_PUBLIC: dict[Untyped, Untyped] = {Attribute.TOKEN: True, Attribute.PRIVATE: False}


class Issuer:
    """Writes Ukeys with one loaded SoftHSM. `SOFTHSM2_CONF` must be set before it is made."""

    def __init__(self, module: Path, authority: EmbeddedAuthority) -> None:
        self._module = module
        self._library = pkcs11.lib(str(module))
        self._authority = authority

    def new_tokens(self, numbers: Sequence[int]) -> list[str]:
        """Make empty tokens, labelled with these numbers. Returns their serial numbers in the same order.

        SoftHSM lists tokens by slot id, which comes from the serial number: the first number gets the token that
        will be listed first.
        """
        so_pin = secrets.token_hex(8)
        slots = []
        for _ in numbers:
            slot = next(s for s in self._library.get_slots() if not _initialised(s))
            self._initialise(slot, so_pin, "")
            slots.append(slot)
        slots.sort(key=lambda slot: _slot_id(_serial(slot.get_token())))
        serials = []
        for number, slot in zip(numbers, slots, strict=True):
            self._initialise(slot, so_pin, messages.text("practice_label", n=number))
            token = slot.get_token()
            with token.open(rw=True, so_pin=so_pin) as session:
                session.init_pin(PIN)
            serials.append(_serial(token))
        return serials

    def personalise(self, serial: str, person: Person, not_before: datetime, not_after: datetime) -> None:
        """Give an empty token its keys, certificates and seal."""
        with self._token(serial).open(rw=True, user_pin=PIN) as session:
            for role, object_id in _IDS.items():
                session.generate_keypair(
                    KeyType.RSA,
                    2048,
                    id=object_id,
                    label=messages.text(f"label_{role.value}"),
                    store=True,
                    capabilities=_CAPABILITIES[role],
                )
        self.certify(serial, person, not_before, not_after)

    def certify(self, serial: str, person: Person, not_before: datetime, not_after: datetime) -> None:
        """Replace a token's certificates, and its seal, which is bound to one of them, for this validity.

        Public objects need no 口令, so a user's own 口令 stays out of this.
        """
        with self._token(serial).open(rw=True) as session:
            for old in list(session.get_objects()):
                # Asked for by attribute: python-pkcs11's own property is None for data objects.
                if old[Attribute.CLASS] in (ObjectClass.CERTIFICATE, ObjectClass.DATA):
                    old.destroy()
            certificates = {}
            for role, object_id in _IDS.items():
                key = _public_key(session, object_id)
                order = Order(person.profile, role, key, person.subject, not_before, not_after)
                certificates[role] = self._authority.issue(order, self._authority.reserve())
                session.create_object(_certificate_object(certificates[role], role))
            for kind in person.seals:
                seal = sealing.seal(self._authority, person, kind, certificates[Role.SIGNING], not_before, not_after)
                session.create_object(_seal_object(seal, sealing.name(person, kind)))

    def certificates(self, serial: str) -> list[bytes]:
        """DER of a token's certificates."""
        with self._token(serial).open() as session:
            return [
                bytes(one[Attribute.VALUE]) for one in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
            ]

    def _initialise(self, slot: Untyped, so_pin: str, label: str) -> None:
        # python-pkcs11 has no C_InitToken; the library it loaded is the same one here.
        function = ctypes.CDLL(str(self._module)).C_InitToken
        function.argtypes = (ctypes.c_ulong, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)
        function.restype = ctypes.c_ulong
        padded = label.encode("utf-8").ljust(32)
        outcome = function(slot.slot_id, so_pin.encode("ascii"), len(so_pin), padded)
        if outcome:
            raise RuntimeError(f"C_InitToken 0x{outcome:08X}")

    def _token(self, serial: str) -> Untyped:
        return next(t for t in self._library.get_tokens() if _serial(t) == serial)


def _initialised(slot: Untyped) -> bool:
    return bool(slot.get_token().flags & TokenFlag.TOKEN_INITIALIZED)


def _slot_id(serial: str) -> int:
    return int(serial[-8:], 16) & 0x7FFFFFFF


def _serial(token: Untyped) -> str:
    serial: bytes = token.serial
    return serial.decode("ascii").strip()


def _public_key(session: Untyped, object_id: bytes) -> bytes:
    """DER of SubjectPublicKeyInfo of the public key object with this id."""
    key = session.get_key(object_class=ObjectClass.PUBLIC_KEY, id=object_id)
    public = serialization.load_der_public_key(encode_rsa_public_key(key))
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _certificate_object(der: bytes, role: Role) -> dict[Untyped, Untyped]:
    template: dict[Untyped, Untyped] = decode_x509_certificate(der)
    names = {Attribute.ID: _IDS[role], Attribute.LABEL: messages.text(f"label_{role.value}")}
    return _PUBLIC | template | names


def _seal_object(der: bytes, label: str) -> dict[Untyped, Untyped]:
    return _PUBLIC | {
        Attribute.CLASS: ObjectClass.DATA,
        Attribute.APPLICATION: SEAL_APPLICATION,
        Attribute.LABEL: label,
        Attribute.VALUE: der,
    }
