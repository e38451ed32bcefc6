"""Shows a certificate in the system's own viewer, behind one function for every system."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from xieka.core.errors import XiekaError
from xieka.core.files import write_whole
from xieka.core.programs import hand_over

_KEPT: Final = 20
"""Files that stay for viewers that are still open; older ones go with the next view."""


def view(der: bytes, folder: Path, environment: Mapping[str, str]) -> None:
    """Show this certificate. `folder`: the program's own, for the file that viewers on Linux and macOS read.

    Linux: gcr-viewer where it is installed, else whatever is registered for such files. Windows: the dialog of
    CryptUI, seen under wine 8, by hand; macOS: Keychain Access, not run. `environment`: as `hand_over`.
    Raises XiekaError E-OPN-02 when the system has no viewer.
    """
    if sys.platform == "win32":
        threading.Thread(target=_crypt_ui, args=(der,), name="certificate viewer", daemon=True).start()
        return
    try:
        path = str(_written(der, folder))
        if sys.platform == "darwin":
            command = ["open", path]
        elif (gcr := shutil.which("gcr-viewer", path=environment.get("PATH"))) is not None:
            command = [gcr, path]
        else:
            command = ["xdg-open", path]
        code = hand_over(command, environment)
    except OSError as error:
        raise XiekaError("E-OPN-02") from error
    if code:
        raise XiekaError("E-OPN-02")


def _written(der: bytes, folder: Path) -> Path:
    """The certificate as a file that lives on after us, but not for ever; a certificate is no secret."""
    views = folder / "view"
    views.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = views / f"{hashlib.sha256(der).hexdigest()[:16]}.cer"
    write_whole(der, path, 0o600)
    files = sorted(views.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in files[_KEPT:]:
        with contextlib.suppress(OSError):
            old.unlink()
    return path


def _crypt_ui(der: bytes) -> None:
    """CryptUIDlgViewContext (cryptuiapi.h); stays until its user closes it."""
    if sys.platform != "win32":
        return
    import ctypes

    encoding = 0x10001  # X509_ASN_ENCODING | PKCS_7_ASN_ENCODING
    certificate_context = 1  # CERT_STORE_CERTIFICATE_CONTEXT
    crypt32, cryptui = ctypes.WinDLL("crypt32"), ctypes.WinDLL("cryptui")
    crypt32.CertCreateCertificateContext.restype = ctypes.c_void_p
    crypt32.CertFreeCertificateContext.argtypes = (ctypes.c_void_p,)
    cryptui.CryptUIDlgViewContext.argtypes = (
        ctypes.c_uint32,
        ctypes.c_void_p,
        ctypes.c_void_p,
        ctypes.c_wchar_p,
        ctypes.c_uint32,
        ctypes.c_void_p,
    )
    context = crypt32.CertCreateCertificateContext(encoding, der, len(der))
    if context:
        cryptui.CryptUIDlgViewContext(certificate_context, context, None, None, 0, None)
        crypt32.CertFreeCertificateContext(context)
