"""Private SM2 keys of a service: made, kept and used by the OpenSSL the computer has, and by nothing else.

The arithmetic of gm.curve is not constant-time and never touches these keys. Where no libcrypto of 3.0 or later proves
itself (`available`), there are none, and whoever needs one is told so.
"""

from __future__ import annotations

import ctypes
import logging
import threading
from collections.abc import Callable
from ctypes import POINTER, c_char_p, c_int, c_long, c_size_t, c_void_p
from typing import Final

from xieka.core.errors import XiekaError
from xieka.gm import encoding, libcrypto, sm2
from xieka.gm.libcrypto import KEY_INFO, Key

log = logging.getLogger(__name__)

# GB/T 32918.5-2017, A.2: the example key, as PKCS#8 (RFC 5208, RFC 5915).
_EXAMPLE: Final = bytes.fromhex(
    "304102010030130607 2a8648ce3d0201 06082a811ccf5501822d 0427 3025 020101 0420"
    "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8"
)
_EXAMPLE_PUBLIC: Final = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)

_FUNCTIONS: Final[dict[str, tuple[object, ...]]] = {
    "EVP_PKEY_CTX_new_from_name": (c_void_p, c_void_p, c_char_p, c_char_p),
    "EVP_PKEY_keygen_init": (c_int, c_void_p),
    "EVP_PKEY_generate": (c_int, c_void_p, POINTER(c_void_p)),
    "EVP_PKEY_is_a": (c_int, c_void_p, c_char_p),
    "d2i_AutoPrivateKey": (c_void_p, c_void_p, POINTER(c_void_p), c_long),
    "EVP_PKEY2PKCS8": (c_void_p, c_void_p),
    "i2d_PKCS8_PRIV_KEY_INFO": (c_int, c_void_p, POINTER(c_void_p)),
    "PKCS8_PRIV_KEY_INFO_free": (None, c_void_p),
    "i2d_PUBKEY": (c_int, c_void_p, POINTER(c_void_p)),
    "EVP_DigestSignInit": (c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    "EVP_DigestSign": (c_int, c_void_p, c_void_p, POINTER(c_size_t), c_char_p, c_size_t),
}

_lock = threading.Lock()
_found: list[ctypes.CDLL | None] = []


class PrivateKey:
    """One SM2 key. Made by `generate` and `load`."""

    def __init__(self, library: ctypes.CDLL, key: Key) -> None:
        self._library = library
        self._key = key
        self._public = _public(library, key)

    @property
    def public(self) -> bytes:
        """04‖X‖Y."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """A signature in DER over the default identity. Raises XiekaError E-SRV-05 when the library fails."""
        library, size = self._library, c_size_t(0)
        context = library.EVP_PKEY_CTX_new(self._key.handle, None)
        digest = library.EVP_MD_CTX_new()
        try:
            if not context or not digest:
                raise _failed("context")
            if library.EVP_PKEY_CTX_set1_id(context, sm2.DEFAULT_ID, len(sm2.DEFAULT_ID)) != 1:
                raise _failed("identity")
            library.EVP_MD_CTX_set_pkey_ctx(digest, context)
            if library.EVP_DigestSignInit(digest, None, library.EVP_sm3(), None, self._key.handle) != 1:
                raise _failed("start")
            library.EVP_DigestSign(digest, None, ctypes.byref(size), message, len(message))
            buffer = ctypes.create_string_buffer(max(size.value, 1))
            if library.EVP_DigestSign(digest, buffer, ctypes.byref(size), message, len(message)) != 1:
                raise _failed("signature")
            return buffer.raw[: size.value]
        finally:
            library.EVP_MD_CTX_free(digest)
            library.EVP_PKEY_CTX_free(context)
            library.ERR_clear_error()

    def pkcs8(self) -> bytes:
        """DER of PrivateKeyInfo (RFC 5208), unencrypted. Raises XiekaError E-SRV-05."""
        library = self._library
        info = library.EVP_PKEY2PKCS8(self._key.handle)
        if not info:
            raise _failed("encoding")
        try:
            return _written(lambda place: library.i2d_PKCS8_PRIV_KEY_INFO(info, place))
        finally:
            library.PKCS8_PRIV_KEY_INFO_free(info)
            library.ERR_clear_error()


def available() -> bool:
    """Whether this computer can work with private SM2 keys. The probe runs once, at the first call."""
    return _library() is not None


def generate() -> PrivateKey:
    """A new key. Raises XiekaError E-SRV-05 where the computer cannot make one."""
    library, handle = _proven(), c_void_p()
    context = library.EVP_PKEY_CTX_new_from_name(None, b"SM2", None)
    try:
        if not context or library.EVP_PKEY_keygen_init(context) != 1:
            raise _failed("generate")
        if library.EVP_PKEY_generate(context, ctypes.byref(handle)) != 1 or not handle.value:
            raise _failed("generate")
        return PrivateKey(library, Key(library, handle.value))
    finally:
        library.EVP_PKEY_CTX_free(context)
        library.ERR_clear_error()


def load(pkcs8: bytes) -> PrivateKey:
    """The key of a PrivateKeyInfo. Raises ValueError when that is no SM2 key, XiekaError E-SRV-05 as `generate`."""
    return _load(_proven(), pkcs8)


def _load(library: ctypes.CDLL, pkcs8: bytes) -> PrivateKey:
    buffer = ctypes.create_string_buffer(pkcs8, len(pkcs8))
    place = c_void_p(ctypes.addressof(buffer))
    handle = library.d2i_AutoPrivateKey(None, ctypes.byref(place), len(pkcs8))
    library.ERR_clear_error()
    ctypes.memset(buffer, 0, len(pkcs8))
    if not handle:
        raise ValueError("not a private key")
    key = Key(library, handle)
    if library.EVP_PKEY_is_a(handle, b"SM2") != 1:
        raise ValueError("not an SM2 key")
    return PrivateKey(library, key)


def _public(library: ctypes.CDLL, key: Key) -> bytes:
    info = _written(lambda place: library.i2d_PUBKEY(key.handle, place))
    public = info[len(KEY_INFO) :]
    if not info.startswith(KEY_INFO) or not sm2.is_public_key(public):
        raise ValueError("not an SM2 key")
    return public


def _written(write: Callable[[object], int]) -> bytes:
    """What one of OpenSSL's i2d functions writes."""
    size = write(None)
    if size <= 0:
        raise _failed("encoding")
    buffer = ctypes.create_string_buffer(size)
    place = c_void_p(ctypes.addressof(buffer))
    write(ctypes.byref(place))
    return buffer.raw


def _proven() -> ctypes.CDLL:
    library = _library()
    if library is None:
        raise _failed("probe")
    return library


def _library() -> ctypes.CDLL | None:
    if not _found:
        with _lock:
            if not _found:
                _found.append(probed(libcrypto.load))
    return _found[0]


def probed(make: Callable[[], ctypes.CDLL]) -> ctypes.CDLL | None:
    """What `make` gives, if it knows the standard's example key and signs with it what our own arithmetic verifies."""
    try:
        library = make()
        libcrypto.declare(library, _FUNCTIONS)
        example = _load(library, _EXAMPLE)
        signatures = [example.sign(b"message digest") for _ in range(2)]
        if example.public == _EXAMPLE_PUBLIC and signatures[0] != signatures[1] and all(map(_ours, signatures)):
            return library
        log.error("libcrypto signs the SM2 example wrongly: not used")
    except (OSError, AttributeError, ValueError, XiekaError) as error:
        log.warning("no libcrypto for private SM2 keys: %s", error)
    return None


def _ours(signature: bytes) -> bool:
    digest = sm2.message_digest(_EXAMPLE_PUBLIC, b"message digest")
    return sm2.verify_digest(_EXAMPLE_PUBLIC, digest, *encoding.signature(signature))


def _failed(what: str) -> XiekaError:
    return XiekaError("E-SRV-05", detail=what)
