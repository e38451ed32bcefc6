"""Text from outside: decoding without a named encoding, and what must not be shown."""

from __future__ import annotations

import pytest

from xieka.core.text import decode_chinese, plain


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("签名".encode(), "签名", id="UTF-8"),
        pytest.param("签名".encode("gbk") + b"   ", "签名", id="GBK, padded"),
        pytest.param("㐀𠀀".encode("gb18030"), "㐀𠀀", id="GB18030, four bytes each"),
        pytest.param("一二三四五六七八九十甲".encode()[:32], "一二三四五六七八九十", id="UTF-8 cut at 32 bytes"),
        pytest.param(
            "沪A一二三四五六七八九十一二三四五六".encode("gbk")[:32], "沪A一二三四五六七八九十一二三四", id="GBK cut"
        ),
        pytest.param(b"A" + "涓".encode("gbk"), "A涓", id="GBK that begins like UTF-8"),
        pytest.param(b" abc\0\0", "abc", id="NUL padded"),
        pytest.param(b"\xff\xff\xfe", "\ufffd" * 3, id="nonsense"),
        pytest.param(b"", "", id="empty"),
    ],
)
def test_decode_chinese(raw: bytes, text: str) -> None:
    assert decode_chinese(raw) == text


def test_decode_chinese_never_raises() -> None:
    for number in range(1 << 16):
        decode_chinese(number.to_bytes(2, "big") + b"\x81")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("上海 (A) é", "上海 (A) é", id="harmless"),
        pytest.param("a\u202egpj", "a\ufffdgpj", id="right-to-left override"),
        pytest.param("a\x1b[31m\n", "a\ufffd[31m\ufffd", id="terminal control"),
        pytest.param("a\u200bb\u2028\x85", "a\ufffdb\ufffd\ufffd", id="zero width, line separator, C1"),
    ],
)
def test_plain(value: str, shown: str) -> None:
    assert plain(value) == shown
