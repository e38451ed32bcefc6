"""The outline of a DER: what is let through to the parser."""

from __future__ import annotations

import pytest

from tests.conftest import SAMPLES
from xieka.certificate.soundness import MAX_DEPTH, sound


def nested(levels: int) -> bytes:
    data = b"\x05\x00"
    for _ in range(levels):
        length = len(data)
        data = (bytes([0x30, length]) if length < 128 else bytes([0x30, 0x82, length >> 8, length & 255])) + data
    return data


@pytest.mark.parametrize("file", sorted((SAMPLES / "certs").iterdir()), ids=lambda file: file.stem)
def test_real_ones(file: object) -> None:
    assert sound(file.read_bytes())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("data", "good"),
    [
        pytest.param(b"", True, id="nothing"),
        pytest.param(b"\x05\x00\x05\x00", True, id="two"),
        pytest.param(b"\x1f\x81\x01\x00", True, id="tag-of-three-bytes"),
        pytest.param(b"\x1f\x81\x81\x81\x01\x00", False, id="tag-of-five-bytes"),
        pytest.param(b"\x30\x07\x1f\xff\xff\xff\xff\x01\x00", False, id="such-a-tag-inside"),
        pytest.param(b"\x04\x07\x1f\xff\xff\xff\xff\x01\x00", True, id="bytes-that-only-look-so"),
        pytest.param(b"\x1f\x81", False, id="tag-without-end"),
        pytest.param(b"\x30", False, id="no-length"),
        pytest.param(b"\x30\x80\x00\x00", False, id="indefinite"),
        pytest.param(b"\x30\x85\x00\x00\x00\x00\x00", False, id="length-of-five-bytes"),
        pytest.param(b"\x30\x02\x05", False, id="cut-short"),
        pytest.param(b"\x30\x02\x05\x01", False, id="longer-than-the-one-around-it"),
        pytest.param(nested(MAX_DEPTH - 1), True, id="deep"),
        pytest.param(nested(MAX_DEPTH + 1), False, id="too-deep"),
    ],
)
def test_outlines(data: bytes, good: bool) -> None:
    assert sound(data) is good


def test_as_deep_as_asked_for() -> None:
    inside = b"\x30\x04\x30\x02\x05\x01"
    assert not sound(inside)
    assert sound(inside, 2)
    assert not sound(inside, 3)
