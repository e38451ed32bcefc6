"""Runs on Python for Windows: 导入签名证书 whole, over Windows' own store and Ukeys that the caller tells of."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import cast

from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus
from xieka.osstore.service import OsStore
from xieka.osstore.store import this_system
from xieka.settings.service import SettingsService
from xieka.token.drivers import Driver
from xieka.token.models import PinHealth, PinState, Token, TokenCertificate, TokenList
from xieka.token.service import TokenService
from xieka.token.windows_keys import WindowsKeys

WINDOWS = WindowsKeys("Vendor CSP v1.0", 1, "id-text", "signature")


class Desk:
    """What is plugged in: `ukeys`, by serial the certificates (hex)."""

    def __init__(self, ukeys: dict[str, list[str]], known: bool) -> None:
        self.windows = WINDOWS if known else None
        self.plugged = tuple(
            Token(
                f"firm:{serial}", serial, "firm", "厂商", f"{serial} 号", serial, "", "", PinHealth(PinState.UNKNOWN),
                False, tuple(
                    TokenCertificate(bytes.fromhex(der), "", f"Key-{serial}-{number}".encode().hex())
                    for number, der in enumerate(ders)
                ), (),
            )
            for serial, ders in ukeys.items()
        )  # fmt: skip

    def tokens(self) -> TokenList:
        return TokenList(self.plugged, (), False)

    def driver(self, driver_id: str) -> Driver:
        return Driver(driver_id, "厂商", Path("ukey.dll"), {}, "list", None, False, False, self.windows)


def main() -> None:
    asked = json.load(sys.stdin)
    home = Path(asked["home"])
    desk = Desk(asked["ukeys"], asked.get("known", True))
    store = this_system({}, home / "backups")
    settings = SettingsService(home / "config")
    room = OsStore(store, cast("TokenService", desk), settings, home / "data", EventBus(), SystemClock())
    error = None
    try:
        room.sync() if asked["do"] == "sync" else room.set(asked["do"] == "on")
    except XiekaError as refused:
        error = refused.code
    json.dump({"error": error, "view": room.view().model_dump(mode="json")}, sys.stdout)


if __name__ == "__main__":
    main()
