from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from xieka.core import system_proxy
from xieka.core.errors import XiekaError
from xieka.core.http import Http
from xieka.core.proxy import ProxySettings, excepted, normal_exception, normal_url
from xieka.core.system_proxy import SystemProxies, SystemSetting, parse_gnome, parse_kde, read_system


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("proxy.example.com:8080", "http://proxy.example.com:8080"),
        (" HTTP://Proxy.Example.com:8080/ ", "http://proxy.example.com:8080"),
        ("https://proxy.example.com:443", "https://proxy.example.com:443"),
        ("10.0.0.1:3128", "http://10.0.0.1:3128"),
        ("[fd00::1]:3128", "http://[fd00::1]:3128"),
    ],
)
def test_addresses_as_people_type_them(typed: str, url: str) -> None:
    assert normal_url(typed) == url


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("http://user:geheim@proxy.example.com:8080", "V-PRX-01", id="password"),
        pytest.param("user@proxy.example.com:8080", "V-PRX-01", id="user name"),
        pytest.param("proxy.example.com", "V-PRX-02", id="no port"),
        pytest.param("proxy.example.com:99999", "V-PRX-02", id="port too high"),
        pytest.param("proxy.example.com:0", "V-PRX-02", id="port 0"),
        pytest.param("socks5://proxy.example.com:1080", "V-PRX-02", id="socks"),
        pytest.param("http://proxy.example.com:80/x.pac", "V-PRX-02", id="script"),
        pytest.param("代理:8080", "V-PRX-02", id="not ASCII"),
        pytest.param("a b:80", "V-PRX-02", id="blank"),
        pytest.param("http://:80", "V-PRX-02", id="no host"),
        pytest.param("[::1:80", "V-PRX-02", id="broken brackets"),
    ],
)
def test_addresses_that_are_refused(typed: str, code: str) -> None:
    with pytest.raises(XiekaError) as error:
        normal_url(typed)
    assert error.value.code == code
    assert "geheim" not in str(error.value.body())


@pytest.mark.parametrize("typed", ["", "*", "a b", "http://x.com", "10.0.0.0/99", "例子.com", "-x.com", "a" * 64])
def test_exceptions_that_are_refused(typed: str) -> None:
    with pytest.raises(XiekaError, match="V-PRX-03"):
        normal_exception(typed)


@pytest.mark.parametrize(
    ("entry", "host", "direct"),
    [
        ("example.com", "example.com", True),
        ("example.com", "a.b.example.com", True),
        ("*.Example.com", "a.example.com", True),
        (".example.com", "example.com", True),
        ("example.com", "notexample.com", False),
        ("example.com", "example.com.evil.cn", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/8", "10.example.com", False),
        ("fd00::/8", "fd00::7", True),
        ("192.168.1.1", "192.168.1.1", True),
    ],
)
def test_which_hosts_an_exception_means(entry: str, host: str, direct: bool) -> None:
    assert excepted(host, (normal_exception(entry),)) is direct


@pytest.mark.parametrize(
    ("settings", "host", "proxy"),
    [
        (ProxySettings("none"), "a.cn", None),
        (ProxySettings("manual", "http://m:1"), "a.cn", "http://m:1"),
        (ProxySettings("manual", "http://m:1", ("a.cn",)), "b.a.cn", None),
        (ProxySettings("manual", "http://m:1"), "127.0.0.1", None),
        (ProxySettings("manual", "http://m:1"), "localhost", None),
        (ProxySettings("manual", "http://m:1"), "[::1]", None),
        (ProxySettings("system"), "a.cn", "http://s:1"),
        (ProxySettings("system"), "inside.cn", None),
        (ProxySettings("system", None, ("a.cn",)), "a.cn", None),
    ],
)
def test_the_way_to_a_host(settings: ProxySettings, host: str, proxy: str | None) -> None:
    system = SystemProxies(read=lambda: SystemSetting({"https": "http://s:1"}, lambda name: name == "inside.cn"))
    assert Http(lambda: settings, system=system).proxy_for(f"https://{host}/x") == proxy


def test_checked_settings() -> None:
    assert ProxySettings("manual", "p.cn:80", ("*.A.cn", "a.cn")).checked() == ProxySettings(
        "manual", "http://p.cn:80", ("a.cn",)
    )
    for wrong, code in (
        (ProxySettings("manual"), "V-PRX-02"),
        (ProxySettings("system", None, tuple(f"a{i}.cn" for i in range(101))), "V-PRX-04"),
    ):
        with pytest.raises(XiekaError, match=code) as error:
            wrong.checked()
        error.value.body()


@pytest.fixture
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.mark.usefixtures("no_environment")
def test_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "proxy.cn:3128")
    monkeypatch.setenv("no_proxy", ".inside.cn,10.1.1.1")
    system = SystemProxies()
    assert system.proxy("https://a.cn/") == "http://proxy.cn:3128"
    assert system.proxy("https://a.inside.cn/") is None
    assert system.proxy("https://10.1.1.1/") is None
    assert system.unsupported() is None
    monkeypatch.setenv("https_proxy", "socks5://proxy.cn:1080")
    system = SystemProxies()
    assert (system.proxy("https://a.cn/"), system.unsupported()) == (None, "socks")


def test_the_system_is_asked_once_a_minute() -> None:
    class Clock:
        value = 0.0

        def now(self) -> object: ...
        def monotonic(self) -> float:
            return self.value

    clock, asked = Clock(), []
    system = SystemProxies(clock, lambda: asked.append(1) or system_proxy.NOTHING)  # type: ignore[arg-type,func-returns-value]
    for seconds, times in ((0, 1), (59, 1), (61, 2)):
        clock.value = seconds
        system.proxy("https://a.cn/")
        assert len(asked) == times


GNOME = """\
org.gnome.system.proxy autoconfig-url ''
org.gnome.system.proxy ignore-hosts ['localhost', '127.0.0.0/8', '*.inside.cn']
org.gnome.system.proxy mode 'manual'
org.gnome.system.proxy use-same-proxy true
org.gnome.system.proxy.http authentication-password ''
org.gnome.system.proxy.https host 'proxy.cn'
org.gnome.system.proxy.https port 3128
org.gnome.system.proxy.socks host ''
"""


def test_gnome() -> None:
    setting = parse_gnome(GNOME)
    assert setting.proxies == {"https": "http://proxy.cn:3128"}
    assert setting.bypass("a.inside.cn")
    assert not setting.bypass("a.cn")
    assert parse_gnome(GNOME.replace("'manual'", "'none'")).proxies == {}
    assert parse_gnome(GNOME.replace("'manual'", "'auto'")).unsupported == "pac"
    assert (
        parse_gnome(GNOME.replace("'proxy.cn'", "''").replace("socks host ''", "socks host 's'")).unsupported == "socks"
    )
    assert parse_gnome("nonsense\n\n'").proxies == {}


@pytest.mark.usefixtures("no_environment")
def test_the_real_gsettings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GSETTINGS_BACKEND", "keyfile")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    assert read_system().proxies == {}
    for schema, key, value in (
        ("org.gnome.system.proxy", "mode", "manual"),
        ("org.gnome.system.proxy.https", "host", "proxy.cn"),
        ("org.gnome.system.proxy.https", "port", "3128"),
    ):
        subprocess.run(["gsettings", "set", schema, key, value], check=True)
    assert read_system().proxies == {"https": "http://proxy.cn:3128"}


KDE = "[Proxy Settings]\nProxyType=1\nhttpsProxy=http://proxy.cn 3128\nNoProxyFor=inside.cn,nonsense here\n"


@pytest.mark.usefixtures("no_environment")
def test_kde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kioslaverc").write_text(KDE, encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    setting = read_system()
    assert setting.proxies == {"https": "http://proxy.cn:3128"}
    assert setting.bypass("a.inside.cn")
    assert parse_kde(KDE.replace("=1", "=0")).proxies == {}
    assert parse_kde(KDE.replace("=1", "=2")).unsupported == "pac"
    assert parse_kde("[broken").proxies == {}
