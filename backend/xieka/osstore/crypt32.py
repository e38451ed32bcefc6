"""The calls of Windows' certificate store (crypt32, wincrypt.h). Run under wine 8, tests/windows."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_ubyte, c_ulong, c_void_p, c_wchar_p, cast, sizeof
from typing import Any, Final

from xieka.osstore.windows import Stored
from xieka.token.windows_keys import KeyLink

_ENCODING: Final = 0x10001  # X509_ASN_ENCODING | PKCS_7_ASN_ENCODING
_SYSTEM: Final = 10  # CERT_STORE_PROV_SYSTEM_W
_CURRENT_USER: Final = 0x10000  # CERT_SYSTEM_STORE_CURRENT_USER
_ADD_NEW: Final = 1  # CERT_STORE_ADD_NEW: never over one that is there
_COMMIT: Final = 3  # CERT_STORE_CTRL_COMMIT
_NO_COMMIT: Final = frozenset({50, 120, 0x80004001})
"""ERROR_NOT_SUPPORTED, ERROR_CALL_NOT_IMPLEMENTED, E_NOTIMPL: from a provider that keeps every change at once, as that
of Windows does by its documentation. wine's keeps additions when the store is closed, removals only with this call."""
_FIND_EXISTING: Final = 13 << 16  # CERT_FIND_EXISTING: the very same certificate
_KEYS: Final = 2  # CERT_KEY_PROV_INFO_PROP_ID
_NAME: Final = 11  # CERT_FRIENDLY_NAME_PROP_ID
_MARK: Final = 13
"""CERT_DESCRIPTION_PROP_ID. Windows' own windows show it, so that people see whence it came; who writes another text
there has made the certificate his own. (One of the program's own, 0x8000 and above, could not be tried: wine has none.)
"""
_NOT_FOUND: Final = 0x80092004  # CRYPT_E_NOT_FOUND
_EXISTS: Final = 0x80092005  # CRYPT_E_EXISTS


class _Context(Structure):
    """CERT_CONTEXT."""

    _fields_ = (
        ("encoding", c_ulong),
        ("data", POINTER(c_ubyte)),
        ("size", c_ulong),
        ("info", c_void_p),
        ("store", c_void_p),
    )


class _Keys(Structure):
    """CRYPT_KEY_PROV_INFO."""

    _fields_ = (
        ("container", c_wchar_p),
        ("provider", c_wchar_p),
        ("type", c_ulong),
        ("flags", c_ulong),
        ("parameters", c_ulong),
        ("parameter", c_void_p),
        ("spec", c_ulong),
    )


class _Blob(Structure):
    """CRYPT_DATA_BLOB."""

    _fields_ = (("size", c_ulong), ("data", c_void_p))


if sys.platform == "win32":
    _crypt32 = ctypes.WinDLL("crypt32", use_last_error=True)
    _context = POINTER(_Context)

    def _call(name: str, result: Any, *arguments: Any) -> Any:
        function = getattr(_crypt32, name)
        function.restype, function.argtypes = result, arguments
        return function

    _open = _call("CertOpenStore", c_void_p, c_void_p, c_ulong, c_void_p, c_ulong, c_wchar_p)
    _control = _call("CertControlStore", c_int, c_void_p, c_ulong, c_ulong, c_void_p)
    _close = _call("CertCloseStore", c_int, c_void_p, c_ulong)
    _next = _call("CertEnumCertificatesInStore", _context, c_void_p, _context)
    _create = _call("CertCreateCertificateContext", _context, c_ulong, c_char_p, c_ulong)
    _free = _call("CertFreeCertificateContext", c_int, _context)
    _find = _call("CertFindCertificateInStore", _context, c_void_p, c_ulong, c_ulong, c_ulong, _context, _context)
    _add = _call("CertAddCertificateContextToStore", c_int, c_void_p, _context, c_ulong, c_void_p)
    _delete = _call("CertDeleteCertificateFromStore", c_int, _context)
    _set = _call("CertSetCertificateContextProperty", c_int, _context, c_ulong, c_ulong, c_void_p)
    _get = _call("CertGetCertificateContextProperty", c_int, _context, c_ulong, c_void_p, POINTER(c_ulong))

    @contextmanager
    def my_store() -> Iterator[MyStore]:
        """CurrentUser\\My, open. Raises OSError."""
        handle = _open(_SYSTEM, 0, None, _CURRENT_USER, "MY")
        if not handle:
            raise _error()
        try:
            yield MyStore(handle)
        finally:
            _close(handle, 0)

    class MyStore:
        """See Certificates."""

        def __init__(self, handle: int) -> None:
            self._handle = handle

        def all(self) -> list[Stored]:
            """See Certificates."""
            found = []
            context = None
            while context := _next(self._handle, context):
                found.append(Stored(_der(context), _mark(context), _keys(context)))
            return found

        def add(self, der: bytes, keys: KeyLink, mark: str, name: str) -> None:
            """See Certificates. The properties are on it before it is in the store: half of it is never there."""
            with _new(der) as context:
                _set_keys(context, keys)
                _set_text(context, _NAME, name)
                _set_text(context, _MARK, mark)
                # Somebody else may have placed it this moment: then it is theirs.
                if not _add(self._handle, context, _ADD_NEW, None) and _last() != _EXISTS:
                    raise _error()
            self._commit()

        def remove(self, der: bytes) -> None:
            """See Certificates."""
            context = self._there(der)
            # It frees the context, also when it fails.
            if context is not None and not _delete(context):
                raise _error()
            self._commit()

        def _there(self, der: bytes) -> Any:
            with _new(der) as context:
                found = _find(self._handle, _ENCODING, 0, _FIND_EXISTING, context, None)
            if not found and _last() != _NOT_FOUND:
                raise _error()
            return found or None

        def _commit(self) -> None:
            if not _control(self._handle, 0, _COMMIT, None) and _last() not in _NO_COMMIT:
                raise _error()

    @contextmanager
    def _new(der: bytes) -> Iterator[Any]:
        context = _create(_ENCODING, der, len(der))
        if not context:
            raise _error()
        try:
            yield context
        finally:
            _free(context)

    def _der(context: Any) -> bytes:
        return ctypes.string_at(context.contents.data, context.contents.size)

    def _property(context: Any, which: int) -> ctypes.Array[ctypes.c_char] | None:
        size = c_ulong(0)
        if _get(context, which, None, byref(size)):
            value = ctypes.create_string_buffer(size.value)
            if _get(context, which, value, byref(size)):
                return value
        if _last() != _NOT_FOUND:
            raise _error()
        return None

    def _mark(context: Any) -> str:
        value = _property(context, _MARK)
        return value.raw.decode("utf-16-le", "replace").rstrip("\0") if value is not None else ""

    def _keys(context: Any) -> KeyLink | None:
        value = _property(context, _KEYS)
        if value is None:
            return None
        told = _Keys.from_buffer(value)
        return KeyLink(told.container or "", told.provider or "", told.type, told.spec)

    def _set_keys(context: Any, keys: KeyLink) -> None:
        told = _Keys(keys.container, keys.provider, keys.provider_type, 0, 0, None, keys.key_spec)
        if not _set(context, _KEYS, 0, byref(told)):
            raise _error()

    def _set_text(context: Any, which: int, text: str) -> None:
        data = ctypes.create_unicode_buffer(text)
        if not _set(context, which, 0, byref(_Blob(sizeof(data), cast(data, c_void_p)))):
            raise _error()

    def _last() -> int:
        return ctypes.get_last_error() & 0xFFFFFFFF

    def _error() -> OSError:
        return ctypes.WinError(ctypes.get_last_error())
