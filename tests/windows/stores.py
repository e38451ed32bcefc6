"""Another program's look at Windows' stores of certificates: its own declarations, nothing of ours."""

LOOK = r"""
import ctypes, hashlib
from ctypes import POINTER, byref, c_ubyte, wintypes as w

class Certificate(ctypes.Structure):
    _fields_ = [("e", w.DWORD), ("data", POINTER(c_ubyte)), ("size", w.DWORD), ("i", w.LPVOID), ("s", w.LPVOID)]

class Keys(ctypes.Structure):
    _fields_ = [("container", w.LPWSTR), ("provider", w.LPWSTR), ("type", w.DWORD), ("f", w.DWORD), ("n", w.DWORD),
                ("x", w.LPVOID), ("spec", w.DWORD)]

lib = ctypes.WinDLL("crypt32")
lib.CertOpenSystemStoreW.restype, lib.CertOpenSystemStoreW.argtypes = w.LPVOID, [w.LPVOID, w.LPCWSTR]
following = lib.CertEnumCertificatesInStore
following.restype, following.argtypes = POINTER(Certificate), [w.LPVOID, POINTER(Certificate)]
get = lib.CertGetCertificateContextProperty
get.argtypes = [POINTER(Certificate), w.DWORD, w.LPVOID, POINTER(w.DWORD)]

def told(one, which):
    buffer, size = ctypes.create_string_buffer(4000), w.DWORD(4000)
    return (buffer, size.value) if get(one, which, buffer, byref(size)) else (None, 0)

def shown(one):
    digest = hashlib.sha256(ctypes.string_at(one.contents.data, one.contents.size)).hexdigest()
    name, size = told(one, 11)
    keys, _ = told(one, 2)
    place = Keys.from_buffer(keys) if keys else None
    return [digest, name and name.raw[:size].decode("utf-16-le").rstrip("\0"),
            place and [place.container, place.provider, place.type, place.spec]]

value = {}
for name in ("MY", "ROOT", "CA", "TRUST"):
    store, one, value[name] = lib.CertOpenSystemStoreW(None, name), None, []
    while one := following(store, one):
        value[name].append(shown(one))
"""
