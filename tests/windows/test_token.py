"""A Ukey on Windows: a vendor's library (PKCS#11) behind our worker process, and its certificate known to Windows."""

from __future__ import annotations

from hashlib import sha256

import pytest

from tests.windows.computer import Windows
from tests.windows.stores import LOOK
from tests.windows.ukey import Ukey

pytestmark = pytest.mark.long


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
