"""Ukeys that are not as they should be (blank, without 口令, with a broken certificate), and a broken driver.

Run as a program (`python -m tests.ui.odd_ukeys MODULE DER`) it writes tokens under SOFTHSM2_CONF: SoftHSM's own
tool can make neither a token without a user PIN nor a certificate that is none.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import folders_under
from tests.tokens.fill import MODULE
from tests.tokens.softhsm import REPOSITORY, SO_PIN, SoftHsm, certificate
from xieka.core.paths import Folders

BLANK, UNSET, BROKEN = "空白", "没有口令的单位", "坏证书"


def odd_ukeys(root: Path) -> Folders:
    """A home of the program in which only these Ukeys are plugged, in this order, and one driver cannot be loaded."""
    folders = folders_under(root)
    hsm = SoftHsm(root / "hsm")
    hsm.make("blank", BLANK)
    environment = {**os.environ, **hsm.env}
    command = [sys.executable, "-m", "tests.ui.odd_ukeys", MODULE, certificate(UNSET).hex()]
    subprocess.run(command, env=environment, cwd=REPOSITORY, check=True)
    broken = root / "broken.so"
    broken.write_text("not a library", encoding="ascii")
    for name, module in (("odd", MODULE), ("broken", str(broken))):
        manifest = folders.config / "drivers" / name / "driver.toml"
        manifest.parent.mkdir(parents=True)
        manifest.write_text(
            f'id = "{name}"\nname = "{name}"\nrelist = "reinitialize"\npin_flags = false\npractice = true\n'
            f"[module]\nlinux = [{json.dumps(module)}]\n"
            f"[env]\nSOFTHSM2_CONF = {json.dumps(str(hsm.conf))}\n",
            encoding="utf-8",
        )
    return folders


def _write(module: str, der: bytes) -> None:
    import pkcs11
    from pkcs11 import Attribute, CertificateType, ObjectClass, TokenFlag

    library = pkcs11.lib(module)
    # python-pkcs11 has no C_InitToken; the library it loaded is the same one here.
    initialise = ctypes.CDLL(module).C_InitToken
    initialise.argtypes = (ctypes.c_ulong, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_char_p)
    for label, value in ((UNSET, der), (BROKEN, b"\x30\x03not a certificate")):
        slot = next(s for s in library.get_slots() if not s.get_token().flags & TokenFlag.TOKEN_INITIALIZED)
        assert initialise(slot.slot_id, SO_PIN.encode(), len(SO_PIN), label.encode().ljust(32)) == 0
        with slot.get_token().open(rw=True) as session:
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.PRIVATE: False,
                    Attribute.SUBJECT: b"\x30\x00",
                    Attribute.ID: b"\x01",
                    Attribute.LABEL: label,
                    Attribute.VALUE: value,
                }
            )
        if label == BROKEN:
            with slot.get_token().open(rw=True, so_pin=SO_PIN) as session:
                session.init_pin("123456")


if __name__ == "__main__":
    _write(sys.argv[1], bytes.fromhex(sys.argv[2]))
