"""A Ukey on Windows: a vendor's library (PKCS#11) behind our worker process, and its certificate known to Windows."""

from __future__ import annotations

import json
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.certificate import pki
from tests.windows.computer import Windows, windows_path
from tests.windows.stores import LOOK

pytestmark = pytest.mark.long

MANIFEST = """
id = "firm"
name = "厂商"
[module]
windows = ['{library}']
[windows]
provider = "Vendor CSP v1.0"
type = 1
container = "id-text"
"""


class Ukey:
    """One that can be plugged in, with a driver installed."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        folder = windows.folder / "驱动 一"
        folder.mkdir()
        library = folder / "ukey.dll"
        # The headers are this system's own; mingw's come first.
        command = ["x86_64-w64-mingw32-gcc", "-shared", "-Os", "-idirafter", "/usr/include/p11-kit-1"]
        subprocess.run([*command, "-o", library, Path(__file__).with_name("token.c")], check=True, capture_output=True)
        manifest = windows.folder / "协卡 数据" / "config" / "drivers" / "firm" / "driver.toml"
        manifest.parent.mkdir(parents=True)
        manifest.write_text(MANIFEST.format(library=windows_path(library)), "utf-8")
        self.plugged = folder / "token"
        self.certificate = pki.holder(pki.root("rsa"))

    def plug(self) -> None:
        self.plugged.write_bytes(self.certificate)

    def xieka(self, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        environment = {"XIEKA_TEST_TOKEN": windows_path(self.plugged)}
        return self.windows.python("-m", "xieka", *words, stdin=stdin, **environment)

    def json(self, *words: str) -> dict[str, Any]:
        done = self.xieka(*words, "--json")
        assert done.returncode == 0, done
        # Nothing that the library printed is in it.
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


@pytest.fixture(scope="module")
def ukey(windows: Windows) -> Ukey:
    return Ukey(windows)


def test_listed_asked_for_its_pin_and_registered(ukey: Ukey, windows: Windows) -> None:
    assert ukey.json("token", "list") == {"tokens": [], "problems": []}
    ukey.plug()
    listed = ukey.json("token", "list")
    (token,) = listed["tokens"]
    assert listed["problems"] == []
    assert (token["id"], token["label"], token["pin"]["state"]) == ("firm:0042", "签名一", "unknown")
    assert [one["role"] for one in token["certificates"]] == ["signing"]
    right, wrong = (
        ukey.xieka("token", "verify-pin", "--token", "firm:0042", stdin=f"{pin}\n") for pin in (123456, 654321)
    )
    assert (right.returncode, wrong.returncode != 0, "E-PIN-01" in wrong.stderr) == (0, True, True)

    digest = sha256(ukey.certificate).hexdigest()
    (entry,) = ukey.json("certificate", "registered", "on")["entries"]
    assert (entry["sha256"], entry["present"], entry["places"]) == (digest, True, ["CurrentUser\\My"])
    (shown,) = windows.value(LOOK)["MY"]
    assert (shown[0], shown[2]) == (digest, ["Key-1", "Vendor CSP v1.0", 1, 2])

    # Pulled, it is listed no more; what is registered stays until it is switched off, the driver there or not.
    ukey.plugged.unlink()
    assert ukey.json("token", "list") == {"tokens": [], "problems": []}
    assert [one["present"] for one in ukey.json("certificate", "registered")["entries"]] == [False]
    assert ukey.json("certificate", "registered", "off")["entries"] == []
    assert windows.value(LOOK)["MY"] == []
