"""SM2 verification by the OpenSSL the computer has, where a probe proves that it does it right.

Only a quicker way to the same answer: without the library, with one older than 3.0, with one built without SM2, or
with one that answers the probe wrong, `verifier` gives None and our own arithmetic does the work. Private keys are
in gm.private, which has no other way.
"""

from __future__ import annotations

import ctypes
import logging
import sys
import threading
from collections.abc import Callable, Mapping
from ctypes import POINTER, c_char_p, c_int, c_long, c_size_t, c_uint, c_void_p
from functools import lru_cache
from pathlib import Path

log = logging.getLogger(__name__)

Verifier = Callable[[bytes, bytes, bytes, bytes], bool | None]
"""(public key 04‖X‖Y, message, DER signature, identity) → valid or not; None when the library could not say."""

KEY_INFO = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
"""SubjectPublicKeyInfo of an SM2 key up to its 65 bytes 04‖X‖Y (GM/T 0009-2012, 7.1)."""

# GB/T 32918.5-2017, A.2: the signature of "message digest" by the example key.
_KEY = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_SIGNATURE = bytes.fromhex(
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
_MESSAGE = b"message digest"
_ID = b"1234567812345678"

_FUNCTIONS: Mapping[str, tuple[object, ...]] = {
    "OPENSSL_version_major": (c_uint,),
    "ERR_clear_error": (None,),
    "d2i_PUBKEY": (c_void_p, c_void_p, POINTER(c_void_p), c_long),
    "EVP_PKEY_free": (None, c_void_p),
    "EVP_PKEY_CTX_new": (c_void_p, c_void_p, c_void_p),
    "EVP_PKEY_CTX_free": (None, c_void_p),
    "EVP_PKEY_CTX_set1_id": (c_int, c_void_p, c_char_p, c_int),
    "EVP_MD_CTX_new": (c_void_p,),
    "EVP_MD_CTX_free": (None, c_void_p),
    "EVP_MD_CTX_set_pkey_ctx": (None, c_void_p, c_void_p),
    "EVP_sm3": (c_void_p,),
    "EVP_DigestVerifyInit": (c_int, c_void_p, c_void_p, c_void_p, c_void_p, c_void_p),
    "EVP_DigestVerify": (c_int, c_void_p, c_char_p, c_size_t, c_char_p, c_size_t),
}

_lock = threading.Lock()
_found: list[Verifier | None] = []


def verifier() -> Verifier | None:
    """The proven verifier of this process, or None. The probe runs once, at the first call."""
    if not _found:
        with _lock:
            if not _found:
                _found.append(probed(_open))
    return _found[0]


def probed(make: Callable[[], Verifier]) -> Verifier | None:
    """What `make` gives, if it accepts the standard's example and refuses four neighbours of it."""
    other = _SIGNATURE[:-1] + bytes([_SIGNATURE[-1] ^ 1])
    try:
        candidate = make()
        wrong = [
            candidate(_KEY, _MESSAGE + b".", _SIGNATURE, _ID),
            candidate(_KEY, _MESSAGE, other, _ID),
            candidate(_KEY, _MESSAGE, _SIGNATURE, _ID[:-1]),
            candidate(_KEY, b"", _SIGNATURE, _ID),
        ]
        if candidate(_KEY, _MESSAGE, _SIGNATURE, _ID) is True and all(answer is False for answer in wrong):
            return candidate
        log.warning("libcrypto answers the SM2 example wrongly: not used")
    except (OSError, AttributeError, ValueError) as error:
        log.info("no libcrypto for SM2: %s", error)
    return None


def _names() -> list[str]:
    # Exact names only: an unversioned libcrypto ends the process on macOS, and may be anything elsewhere.
    if sys.platform == "win32":
        folders = [Path(getattr(sys, "_MEIPASS", sys.base_prefix)), Path(sys.base_prefix, "DLLs")]
        return [str(path) for folder in folders for path in sorted(folder.glob("libcrypto-3*.dll"))]
    if sys.platform == "darwin":
        folders = [Path(getattr(sys, "_MEIPASS", sys.base_prefix)), Path(sys.base_prefix, "lib")]
        return [str(folder / "libcrypto.3.dylib") for folder in folders if (folder / "libcrypto.3.dylib").exists()]
    return ["libcrypto.so.3"]


class Key:
    """One EVP_PKEY, given back with the object."""

    def __init__(self, library: ctypes.CDLL, handle: int) -> None:
        self._library = library
        self.handle = handle

    def __del__(self) -> None:
        self._library.EVP_PKEY_free(self.handle)


def load() -> ctypes.CDLL:
    """The computer's libcrypto, its functions declared. Raises OSError for none or an old one, AttributeError."""
    names = _names()
    if not names:
        raise OSError("not found")
    library = ctypes.CDLL(names[0])
    declare(library, _FUNCTIONS)
    if library.OPENSSL_version_major() < 3:
        raise OSError("older than 3.0")
    return library


def declare(library: ctypes.CDLL, functions: Mapping[str, tuple[object, ...]]) -> None:
    """`functions`: name → result, arguments. Raises AttributeError for one that is not there."""
    for name, (result, *arguments) in functions.items():
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments


def _open() -> Verifier:
    library = load()

    @lru_cache(maxsize=64)
    def key(public: bytes) -> Key | None:
        der = KEY_INFO + public
        buffer = ctypes.create_string_buffer(der, len(der))
        place = c_void_p(ctypes.addressof(buffer))
        handle = library.d2i_PUBKEY(None, ctypes.byref(place), len(der))
        return Key(library, handle) if handle else None

    def verify(public: bytes, message: bytes, signature: bytes, id_: bytes) -> bool | None:
        owner = key(public)
        if owner is None:
            return None
        context = library.EVP_PKEY_CTX_new(owner.handle, None)
        digest = library.EVP_MD_CTX_new()
        try:
            if not context or not digest or library.EVP_PKEY_CTX_set1_id(context, id_, len(id_)) != 1:
                return None
            library.EVP_MD_CTX_set_pkey_ctx(digest, context)
            if library.EVP_DigestVerifyInit(digest, None, library.EVP_sm3(), None, owner.handle) != 1:
                return None
            answer = library.EVP_DigestVerify(digest, signature, len(signature), message, len(message))
            return bool(answer == 1)
        finally:
            library.EVP_MD_CTX_free(digest)
            library.EVP_PKEY_CTX_free(context)
            # What this call left in the thread's error queue is nobody else's.
            library.ERR_clear_error()

    return verify
