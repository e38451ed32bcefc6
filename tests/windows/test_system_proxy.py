"""The proxy that Windows' own settings name."""

from __future__ import annotations

import pytest

from tests.windows.computer import Windows

pytestmark = pytest.mark.long

READ = r"""
import winreg
from xieka.core.system_proxy import SystemProxies
path, value = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings", {}
for name, settings in cases.items():
    with winreg.CreateKey(winreg.HKEY_CURRENT_USER, path) as key:
        for field in ("ProxyEnable", "ProxyServer", "ProxyOverride", "AutoConfigURL"):
            try:
                winreg.DeleteValue(key, field)
            except FileNotFoundError:
                pass
        for field, text in settings.items():
            winreg.SetValueEx(key, field, 0, winreg.REG_DWORD if isinstance(text, int) else winreg.REG_SZ, text)
    system = SystemProxies()
    value[name] = [
        system.proxy("https://example.invalid/"), system.proxy("http://a.intern/"), system.unsupported()
    ]
"""
ONE = "http://proxy.invalid:8080"
CASES: dict[str, tuple[dict[str, object], list[str | None]]] = {
    "nothing": ({}, [None, None, None]),
    "one for all": ({"ProxyEnable": 1, "ProxyServer": "proxy.invalid:8080"}, [ONE, ONE, None]),
    "switched off": ({"ProxyEnable": 0, "ProxyServer": "proxy.invalid:8080"}, [None, None, None]),
    "one each": (
        {"ProxyEnable": 1, "ProxyServer": "http=other.invalid:80;https=proxy.invalid:8080"},
        [ONE, "http://other.invalid:80", None],
    ),
    "exceptions": (
        {"ProxyEnable": 1, "ProxyServer": "proxy.invalid:8080", "ProxyOverride": "*.intern;<local>"},
        [ONE, None, None],
    ),
    "SOCKS": ({"ProxyEnable": 1, "ProxyServer": "socks=proxy.invalid:1080"}, [None, None, "socks"]),
    "a script": ({"AutoConfigURL": "http://proxy.invalid/x.pac"}, [None, None, "pac"]),
}


def test_what_windows_settings_say(windows: Windows) -> None:
    told = windows.value(READ, cases={name: settings for name, (settings, _) in CASES.items()})
    assert told == {name: wanted for name, (_, wanted) in CASES.items()}
