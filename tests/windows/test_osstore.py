"""Windows' own store of certificates (crypt32): our calls, and the whole of 导入签名证书 over them."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest

from tests.certificate import pki
from tests.windows.computer import Windows, windows_path
from tests.windows.stores import LOOK

pytestmark = pytest.mark.long


def do(windows: Windows, what: str, ukeys: dict[str, list[bytes]], known: bool = True) -> dict[str, Any]:
    order = {
        "do": what,
        "ukeys": {serial: [der.hex() for der in ders] for serial, ders in ukeys.items()},
        "known": known,
        "home": windows_path(windows.folder / "家 里"),
    }
    done = windows.python("-m", "tests.windows.osstore_desk", stdin=json.dumps(order))
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["error"] is None
    return dict(answer["view"])


def test_the_table_of_cases_on_windows_own_store(windows: Windows) -> None:
    done = windows.python("-X", "utf8", "-m", "tests.osstore.windows_cases")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["failed"] == {}
    assert told["ran"] == 9


def test_from_insertion_until_it_is_switched_off(windows: Windows) -> None:
    root = pki.root("rsa")
    first, renewed, other = (
        pki.holder(root, serial=number, ends=pki.NOW + number * 100 * pki.DAY) for number in (1, 2, 3)
    )
    digest = {der: sha256(der).hexdigest() for der in (first, renewed, other)}
    before = windows.value(LOOK)
    (old,) = do(windows, "on", {"1": [first]})["entries"]
    assert (old["sha256"], old["places"]) == (digest[first], ["CurrentUser\\My"])
    view = do(windows, "sync", {"1": [first, renewed], "2": [other]})
    assert [one["sha256"] for one in view["entries"]] == [digest[renewed], digest[other]]

    # Another program, in a process of its own, finds each with its key, and the earlier one no more.
    now = windows.value(LOOK)
    name = now["MY"][0][1]
    assert name == view["entries"][0]["subject"]
    containers = ((renewed, "Key-1-1"), (other, "Key-2-0"))
    wanted = [[digest[der], name, [container, "Vendor CSP v1.0", 1, 2]] for der, container in containers]
    assert sorted(now["MY"]) == sorted(wanted)
    assert {**now, "MY": []} == {**before, "MY": []}

    # A driver that does not say how: left out, with its reason, and what is there stays.
    assert do(windows, "sync", {"3": [first]}, known=False)["left_out"] == [
        {"token": "firm:3", "label": "3 号", "reason": "provider"}
    ]
    off = do(windows, "off", {})
    assert (off["entries"], off["places"][0]["state"]) == ([], "free")
    assert windows.value(LOOK) == before
