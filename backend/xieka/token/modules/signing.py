"""One signature on an open session: the mechanism, the login, the key that belongs to the certificate."""

from __future__ import annotations

from binascii import a2b_base64
from typing import NamedTuple

from xieka.token import ckr, mechanisms
from xieka.token.modules import raw
from xieka.token.modules.raw import RawModule
from xieka.token.protocol import ModuleError, SignRequest

_TRUE = b"\1"


class _Key(NamedTuple):
    handle: int
    named: bool
    """Whether it carries the certificate's CKA_ID."""
    may_sign: bool
    wants_pin: bool
    """CKA_ALWAYS_AUTHENTICATE."""


def sign(module: RawModule, slot: int, session: int, request: SignRequest, pin: str) -> bytes:
    """Sign with one login, and log out again, whatever happens.

    A key with CKA_ALWAYS_AUTHENTICATE wants the PIN for itself too (PKCS #11 v2.40, C_Login, CKU_CONTEXT_SPECIFIC).
    It gets it once, under the same human confirmation: the token has accepted this very PIN a moment ago on this very
    session, so it costs no try of the user PIN. A key with a PIN of its own may count it; the client then sees to it
    that this PIN does not go to this key again. Raises ModuleError.
    """
    way = mechanisms.way(request["algorithm"], module.mechanisms(slot))
    if way is None:
        raise ModuleError(ckr.MECHANISM_INVALID, "C_GetMechanismList")
    try:
        module.login(session, pin)
        key = _private_key(module, session, request)
        module.sign_init(session, key.handle, way.mechanism)
        if key.wants_pin:
            module.login_for_key(session, pin)
        return module.sign(session, way.prepare(a2b_base64(request["data"])))
    finally:
        module.logout(session)


def _private_key(module: RawModule, session: int, request: SignRequest) -> _Key:
    """The key that carries the certificate's CKA_ID, else the one with its public key.

    A key that is known to have another public key is none, whatever it is called; that may also be told by a public
    key object of the same name (EC private keys tell nothing). Raises ModuleError as C_SignInit would.
    """
    public = a2b_base64(request["public"])
    known: dict[bytes, list[bytes]] = {}
    for _, values in module.find(session, raw.CLASS_PUBLIC_KEY, raw.ID, raw.MODULUS, raw.EC_POINT):
        known.setdefault(values.get(raw.ID, b""), []).extend(_public(values))
    keys = []
    for handle, values in module.find(
        session, raw.CLASS_PRIVATE_KEY, raw.ID, raw.MODULUS, raw.EC_POINT, raw.SIGN, raw.ALWAYS_AUTHENTICATE
    ):
        name = values.get(raw.ID, b"")
        named = bool(name) and name.hex() in request["ids"]
        told = _public(values) or (known.get(name, []) if name else [])
        # Modules differ in wrappings (EC_POINT as an octet string or bare) and leading zeros.
        if any(one.endswith(public) for one in told) if told else named:
            keys.append(
                _Key(handle, named, values.get(raw.SIGN, _TRUE) == _TRUE, values.get(raw.ALWAYS_AUTHENTICATE) == _TRUE)
            )
    if not keys:
        raise ModuleError(ckr.KEY_HANDLE_INVALID, "C_SignInit")
    key = max(keys, key=lambda key: (key.may_sign, key.named))
    if not key.may_sign:
        raise ModuleError(ckr.KEY_FUNCTION_NOT_PERMITTED, "C_SignInit")
    return key


def _public(values: dict[int, bytes]) -> list[bytes]:
    """What an object tells of its public key."""
    return [values[name] for name in (raw.MODULUS, raw.EC_POINT) if values.get(name)]
