from __future__ import annotations

import pytest

from xieka.desktop.remote.fence import Fence, origin_only


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        pytest.param("https://reg.example/", True, id="its root"),
        pytest.param("https://reg.example/register?x=1#code", True, id="a page"),
        pytest.param("https://reg.example", False, id="no path, as the engine never writes it"),
        pytest.param("http://reg.example/", False, id="other scheme"),
        pytest.param("https://reg.example:8443/", False, id="other port"),
        pytest.param("https://reg.example.evil.example/", False, id="longer host"),
        pytest.param("https://reg.example./", False, id="dot at the host's end"),
        pytest.param("https://www.reg.example/", False, id="host below"),
        pytest.param("https://reg.example@evil.example/", False, id="host as a user's name"),
        pytest.param("https://user:word@reg.example/", False, id="user's name before the host"),
        pytest.param("https://reg.example\\@evil.example/", False, id="backslash"),
        pytest.param("blob:https://reg.example/1", False, id="blob"),
        pytest.param("filesystem:https://reg.example/1", False, id="file system"),
        pytest.param("view-source:https://reg.example/", False, id="source"),
        pytest.param("about:blank", False, id="empty page"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_what_lies_inside(address: str, inside: bool) -> None:
    assert Fence("https://reg.example").contains(address) is inside


@pytest.mark.parametrize(
    ("origin", "written", "host"),
    [
        ("https://REG.example", "https://reg.example", "reg.example"),
        ("https://reg.example:443", "https://reg.example", "reg.example"),
        ("http://127.0.0.1:80", "http://127.0.0.1", "127.0.0.1"),
        ("http://127.0.0.1:8443", "http://127.0.0.1:8443", "127.0.0.1:8443"),
        ("https://reg.example:80", "https://reg.example:80", "reg.example:80"),
        ("http://[::1]:8080", "http://[::1]:8080", "[::1]:8080"),
    ],
)
def test_an_origin_is_written_as_the_engine_does(origin: str, written: str, host: str) -> None:
    assert (Fence(origin).origin, Fence(origin).host) == (written, host)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "https://",
        "ftp://reg.example",
        "file://",
        "https://reg.example/",
        "https://u@reg.example",
        "https://单位.example",
    ],
)
def test_nothing_else_is_an_origin(origin: str) -> None:
    with pytest.raises(ValueError, match="not an origin"):
        Fence(origin)


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("https://a.example:1/path?typed=1#x", "https://a.example:1"),
        ("https://user:word@a.example/", "https://a.example"),
        ("mailto:someone@a.example", "mailto://"),
        ("data:text/html,typed", "data://"),
    ],
)
def test_only_an_addresss_origin_is_logged(address: str, logged: str) -> None:
    assert origin_only(address) == logged
