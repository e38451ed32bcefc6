"""What may be in a user's own certificates on Windows, and what becomes of it: one table for the scripted store (here)
and for Windows' own (tests/windows). As a program: the table on the real one; prints the cases that failed.

No other packages than the client's: Python for Windows has no more.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from xieka.osstore.models import Item, mark
from xieka.osstore.windows import Certificates, Stored, Windows
from xieka.token.windows_keys import KeyLink

SAMPLES = Path(__file__).parents[1] / "samples" / "certs"
# The last two have one holder and one key.
FIRST, SECOND, TWIN, OTHER_TWIN = (
    (SAMPLES / f"{name}.der").read_bytes()
    for name in ("UCA_Root_G2", "SHECA_G2", "SHECA_SM2_by_NRCAC_ROOTCA", "SHECA_SM2_by_UCA_Root_SM2")
)
KEYS = KeyLink("容器 一", "Vendor CSP v1.0", 1, 2)
ELSEWHERE = KeyLink("{4F1A}", "Vendor KSP", 0, 0)
Open = Callable[[], AbstractContextManager[Certificates]]


def item(der: bytes, keys: KeyLink = KEYS) -> Item:
    return Item("firm", Path("ukey.dll"), der, "张三 公司", keys)


def ours(der: bytes, keys: KeyLink = KEYS) -> Stored:
    return Stored(der, mark("firm", sha256(der).hexdigest()), keys)


def there(open_: Open) -> list[Stored]:
    with open_() as store:
        return sorted(store.all(), key=lambda one: one.der)


def put(open_: Open, der: bytes, keys: KeyLink = ELSEWHERE, text: str = "我的") -> Stored:
    """Somebody else's."""
    with open_() as store:
        store.add(der, keys, text, "别人")
    return Stored(der, text, keys)


def state(windows: Windows) -> tuple[str, list[str]]:
    (place,) = windows.places()
    assert place.path == "CurrentUser\\My"
    return place.state, place.certificates


def known(*ders: bytes) -> list[str]:
    return sorted(sha256(der).hexdigest() for der in ders)


def registered_and_again(windows: Windows, open_: Open) -> None:
    assert state(windows) == ("free", [])
    (place,) = windows.register(item(FIRST))
    assert (place.state, place.certificates, place.error) == ("registered", known(FIRST), None)
    assert there(open_) == [ours(FIRST)]
    windows.register(item(FIRST))
    assert there(open_) == [ours(FIRST)]
    (place,) = windows.withdraw()
    assert (place.state, there(open_)) == ("free", [])
    assert windows.withdraw()[0].error is None


def another_key_beside_it(windows: Windows, open_: Open) -> None:
    windows.register(item(FIRST))
    windows.register(item(SECOND, ELSEWHERE))
    assert there(open_) == sorted([ours(FIRST), ours(SECOND, ELSEWHERE)], key=lambda one: one.der)
    windows.withdraw()
    assert there(open_) == []


def a_renewed_one_takes_the_place(windows: Windows, open_: Open) -> None:
    windows.register(item(FIRST))
    windows.register(item(SECOND))
    assert there(open_) == [ours(SECOND)]


def a_renewed_one_has_a_key_of_its_own(windows: Windows, open_: Open) -> None:
    windows.register(item(FIRST))
    theirs = put(open_, TWIN)
    windows.register(replace(item(SECOND, ELSEWHERE), replaces=sha256(FIRST).hexdigest()))
    # Whatever the book says, only ours goes.
    windows.register(replace(item(OTHER_TWIN), replaces=sha256(TWIN).hexdigest()))
    wanted = [ours(SECOND, ELSEWHERE), theirs, ours(OTHER_TWIN)]
    assert there(open_) == sorted(wanted, key=lambda one: one.der)


def told_better_where_the_key_is(windows: Windows, open_: Open) -> None:
    windows.register(item(FIRST, replace(KEYS, container="old")))
    windows.register(item(FIRST))
    assert there(open_) == [ours(FIRST)]


def somebody_elses_of_the_same_holder(windows: Windows, open_: Open) -> None:
    theirs = put(open_, TWIN, KEYS)
    windows.register(item(OTHER_TWIN))
    assert there(open_) == sorted([theirs, ours(OTHER_TWIN)], key=lambda one: one.der)
    windows.withdraw()
    assert there(open_) == [theirs]


def the_same_placed_by_somebody_else(windows: Windows, open_: Open) -> None:
    theirs = put(open_, FIRST)
    windows.register(item(FIRST))
    assert state(windows) == ("free", known(FIRST))
    windows.withdraw()
    assert there(open_) == [theirs]


def our_text_on_another_certificate(windows: Windows, open_: Open) -> None:
    theirs = put(open_, SECOND, KEYS, ours(FIRST).mark)
    windows.register(item(FIRST))
    windows.withdraw()
    assert there(open_) == [theirs]


def renamed_by_its_user(windows: Windows, open_: Open) -> None:
    theirs = put(open_, FIRST, KEYS, "备用 " + ours(FIRST).mark)
    windows.register(item(FIRST))
    windows.withdraw()
    assert there(open_) == [theirs]


CASES = {
    case.__name__: case
    for case in (
        registered_and_again,
        another_key_beside_it,
        a_renewed_one_takes_the_place,
        a_renewed_one_has_a_key_of_its_own,
        told_better_where_the_key_is,
        somebody_elses_of_the_same_holder,
        the_same_placed_by_somebody_else,
        our_text_on_another_certificate,
        renamed_by_its_user,
    )
}


def main() -> None:
    from xieka.osstore.crypt32 import my_store

    failed = {}
    for name, case in CASES.items():
        try:
            case(Windows(my_store), my_store)
        except Exception:  # noqa: BLE001 - the outside is told, whatever it is
            failed[name] = traceback.format_exc()
        with my_store() as store:
            for one in store.all():
                store.remove(one.der)
    json.dump({"ran": len(CASES), "failed": failed}, sys.stdout)


if __name__ == "__main__":
    main()
