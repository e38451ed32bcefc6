"""The proxy of the system: environment, Windows registry, macOS settings, GNOME and KDE.

Proxy scripts (PAC) and SOCKS are not supported; `unsupported()` says so, for the connection test.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from xieka.core.clock import Clock, SystemClock
from xieka.core.errors import XiekaError
from xieka.core.proxy import excepted, normal_exception

KEEP_SECONDS = 60.0
"""For how long one reading of the desktop's settings is used."""

Unsupported = Literal["pac", "socks"]


@dataclass(frozen=True, slots=True)
class SystemSetting:
    """Proxy addresses by scheme, hosts reached directly, and what is set that we cannot use."""

    proxies: Mapping[str, str]
    bypass: Callable[[str], bool]
    unsupported: Unsupported | None = None


NOTHING = SystemSetting({}, lambda _: False)


class SystemProxies:
    """Looks up the system's setting, at most once a minute."""

    def __init__(self, clock: Clock | None = None, read: Callable[[], SystemSetting] | None = None) -> None:
        self._clock = clock or SystemClock()
        self._read = read or read_system
        self._known: tuple[float, SystemSetting] | None = None

    def proxy(self, url: str) -> str | None:
        """The proxy's address for this URL, None: directly."""
        parts, setting = urlsplit(url), self._setting()
        if setting.bypass(parts.hostname or ""):
            return None
        found = setting.proxies.get(parts.scheme) or setting.proxies.get("all")
        return found if found and urlsplit(found).scheme in ("http", "https") else None

    def unsupported(self) -> Unsupported | None:
        """What the system has set that this program cannot use."""
        return self._setting().unsupported

    def _setting(self) -> SystemSetting:
        now = self._clock.monotonic()
        if self._known is None or now - self._known[0] > KEEP_SECONDS:
            self._known = (now, self._read())
        return self._known[1]


def read_system() -> SystemSetting:
    """The setting now. The environment goes before the desktop, as everywhere on Linux."""
    # Imported here: 10 ms that the start-up does without.
    import urllib.request

    found = urllib.request.getproxies()
    proxies = {scheme: _with_scheme(address) for scheme, address in found.items() if scheme in ("http", "https", "all")}
    if proxies:
        socks = any(urlsplit(address).scheme.startswith("socks") for address in proxies.values())
        return SystemSetting(proxies, lambda host: bool(urllib.request.proxy_bypass(host)), "socks" if socks else None)
    if sys.platform == "win32":
        return SystemSetting({}, lambda _: False, "pac" if _windows_script() else None)
    if sys.platform == "linux":
        return _kde() if "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "") else _gnome()
    return NOTHING


def _with_scheme(address: str) -> str:
    return address if "://" in address else f"http://{address}"


def _bypass(entries: list[str]) -> Callable[[str], bool]:
    known = []
    for entry in entries:
        try:
            known.append(normal_exception(entry))
        except XiekaError:
            continue  # a form that only the desktop knows
    return lambda host: excepted(host, tuple(known))


def _gnome() -> SystemSetting:
    """org.gnome.system.proxy, which GNOME, Unity, Cinnamon, Budgie and MATE share."""
    try:
        listing = subprocess.run(
            ["gsettings", "list-recursively", "org.gnome.system.proxy"], capture_output=True, text=True, timeout=2
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return NOTHING
    return parse_gnome(listing)


def parse_gnome(listing: str) -> SystemSetting:
    """What `gsettings list-recursively org.gnome.system.proxy` printed: lines of schema, key, GVariant text."""
    import ast

    values: dict[str, object] = {}
    for line in listing.splitlines():
        schema, _, rest = line.partition(" ")
        key, _, text = rest.partition(" ")
        try:
            values[f"{schema.removeprefix('org.gnome.system.proxy').lstrip('.')}/{key}"] = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            continue  # booleans, empty typed arrays: none of the keys below
    if values.get("/mode") == "auto":
        return SystemSetting({}, lambda _: False, "pac")
    if values.get("/mode") != "manual":
        return NOTHING
    proxies = {
        scheme: f"http://{values[f'{scheme}/host']}:{values.get(f'{scheme}/port')}"
        for scheme in ("http", "https")
        if values.get(f"{scheme}/host") and values.get(f"{scheme}/port")
    }
    ignored = values.get("/ignore-hosts")
    socks = not proxies and bool(values.get("socks/host"))
    return SystemSetting(proxies, _bypass(ignored if isinstance(ignored, list) else []), "socks" if socks else None)


def _kde() -> SystemSetting:
    folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    try:
        return parse_kde((folder / "kioslaverc").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return NOTHING


def parse_kde(text: str) -> SystemSetting:
    """KDE's kioslaverc: ProxyType 0 none, 1 manual, 2 and 3 script, 4 environment; address as `http://host port`."""
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
        section = parser["Proxy Settings"]
    except (configparser.Error, KeyError):
        return NOTHING
    kind = section.get("proxytype", "0")
    if kind in ("2", "3"):
        return SystemSetting({}, lambda _: False, "pac")
    if kind != "1":
        return NOTHING
    found = {scheme: section.get(f"{scheme}proxy", "").strip().replace(" ", ":") for scheme in ("http", "https")}
    proxies = {scheme: _with_scheme(address) for scheme, address in found.items() if address}
    return SystemSetting(proxies, _bypass(section.get("noproxyfor", "").split(",")))


def _windows_script() -> bool:
    """Whether Windows uses a proxy script. Run under wine, tests/windows."""
    if sys.platform != "win32":
        return False
    import winreg

    try:
        with winreg.OpenKey(
            winreg.HKEY_CURRENT_USER, r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
        ) as key:
            return bool(winreg.QueryValueEx(key, "AutoConfigURL")[0])
    except OSError:
        return False
