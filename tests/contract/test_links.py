"""Which addresses may leave the program."""

from __future__ import annotations

import pytest

from xieka.contract.links import check_https, domain

GOOD = [
    pytest.param("https://zwdt.sh.gov.cn/", "zwdt.sh.gov.cn", id="plain"),
    pytest.param("https://yct.sh.gov.cn/portal_yct/?a=1&b=%E4%B8%8A#top", "yct.sh.gov.cn", id="path-query-fragment"),
    pytest.param("https://example.com:443/", "example.com", id="its-own-port"),
    pytest.param("https://WWW.Example.COM/", "www.example.com", id="capitals"),
    pytest.param("https://xn--fiqs8s.example/", "xn--fiqs8s.example", id="punycode"),
    pytest.param("https://example.com/@name", "example.com", id="at-sign-in-the-path"),
    pytest.param("https://12345.example.com", "12345.example.com", id="label-of-digits"),
]
BAD = [
    pytest.param("http://zwdt.sh.gov.cn/", id="http"),
    pytest.param("javascript:alert(1)", id="javascript"),
    pytest.param("file:///etc/passwd", id="file"),
    pytest.param("xieka://do", id="custom-scheme"),
    pytest.param("//example.com/", id="no-scheme"),
    pytest.param("https:example.com", id="no-slashes"),
    pytest.param("https:///example.com", id="no-host"),
    pytest.param("https://zwdt.sh.gov.cn@evil.example/", id="user-looks-like-host"),
    pytest.param("https://zwdt.sh.gov.cn:x@evil.example/", id="user-and-secret"),
    pytest.param("https://zwdt.sh.gov.cn\\@evil.example/", id="backslash"),
    pytest.param("https://evil.example\\.sh.gov.cn/", id="backslash-ends-host"),
    pytest.param("https://例子.中国/", id="unicode-host"),
    pytest.param("https://zwdt.sh.gоv.cn/", id="cyrillic-o"),
    pytest.param("https://example.com/ x", id="blank"),
    pytest.param("https://example.com/\n", id="line-feed"),
    pytest.param("https://exam\tple.com/", id="tab-that-browsers-drop"),
    pytest.param("https://localhost/", id="one-label"),
    pytest.param("https://127.0.0.1/", id="ipv4"),
    pytest.param("https://127.1/", id="ipv4-short"),
    pytest.param("https://127.0x1/", id="ipv4-hexadecimal"),
    pytest.param("https://0x7f.0.0.0x1/", id="ipv4-all-hexadecimal"),
    pytest.param("https://2130706433/", id="ipv4-number"),
    pytest.param("https://[::1]/", id="ipv6"),
    pytest.param("https://[::1/", id="ipv6-broken"),
    pytest.param("https://example.com:8443/", id="port"),
    pytest.param("https://example.com:99999/", id="port-too-large"),
    pytest.param("https://example..com/", id="empty-label"),
    pytest.param("https://example.com./", id="dot-at-the-end"),
    pytest.param("https://-example.com/", id="hyphen-first"),
    pytest.param("https://ex_ample.com/", id="underscore"),
    pytest.param("https://example%2ecom/", id="percent-in-host"),
    pytest.param("https://" + "a" * 64 + ".com/", id="label-too-long"),
    pytest.param("", id="nothing"),
]


@pytest.mark.parametrize(("url", "shown"), GOOD)
def test_a_plain_https_address_is_taken_as_it_is(url: str, shown: str) -> None:
    assert check_https(url) == url
    assert domain(url) == shown


@pytest.mark.parametrize("url", BAD)
def test_everything_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        check_https(url)
