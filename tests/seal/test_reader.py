"""Reading real seals of four makers, dialects, and bytes that are no seal."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto.core import (
    Any,
    Asn1Value,
    GeneralizedTime,
    IA5String,
    Integer,
    ObjectIdentifier,
    OctetBitString,
    OctetString,
    PrintableString,
    SequenceOf,
    UTCTime,
    UTF8String,
)

from tests.conftest import SAMPLES
from tests.seal.make import picture, seal
from xieka.core.errors import XiekaError
from xieka.seal import reader, service


def at(*numbers: int) -> datetime:
    return datetime(*numbers, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("file", "version", "name", "vendor", "end", "kind", "size", "certificates"),
    [
        pytest.param(
            "esldemo__Seal.esl",
            4,
            "96a69f53-65a9-4a09-89d7-54a626a4ba4f",
            "koal",
            at(2026, 11, 21, 15, 59, 59),
            "PNG",
            (40, 40),
            1,
            id="v4-koal",
        ),
        pytest.param(
            "ofdrw-gm__UserV1.esl",
            1,
            "OFDRW测试用印章",
            "OFDR&WTest",
            at(2022, 4, 22, 2, 18, 7),
            "PNG",
            (40, 40),
            1,
            id="v1-utc-time",
        ),
        pytest.param(
            "ofdrw-gm__UserV4.esl",
            4,
            "OFD R&W 测试用印章",
            "OFDR&WTest",
            at(2022, 4, 22, 2, 9),
            "PNG",
            (40, 40),
            1,
            id="v4-without-extensions",
        ),
        pytest.param(
            "ofdrw-gm__UserV5.esl",
            5,
            "OFD R&W V5测试用印章",
            "OFDR&WTestV5",
            at(2028, 4, 24, 8, 53, 23),
            "PNG",
            (40, 40),
            1,
            id="v5",
        ),
        pytest.param(
            "ofdrw-sign__SESealData.DER",
            4,
            "测试单位名称 合同专用章",
            "Vid HebeiGede",
            at(2021, 4, 16, 9, 45, 58),
            "GIF",
            (42, 42),
            2,
            id="v4-gif-two-certificates",
        ),
    ],
)
def test_real_seal(
    file: str,
    version: int,
    name: str,
    vendor: str,
    end: datetime,
    kind: str,
    size: tuple[int, int],
    certificates: int,
) -> None:
    der = (SAMPLES / "seals" / file).read_bytes()
    assert service.is_seal(der)
    summary = service.summarize(der)
    assert (summary.version, summary.name, summary.vendor) == (version, name, vendor)
    assert (summary.not_after, summary.picture_type) == (end, kind)
    assert (summary.width_mm, summary.height_mm, summary.certificate_count) == (*size, certificates)


MAKER, SIGNATURE = OctetString(b"maker").dump(), OctetBitString(b"signature").dump()
ALGORITHM = ObjectIdentifier("1.2.156.10197.1.501").dump()


def property_list(certificates: Asn1Value, when: type[Asn1Value], text: str) -> bytes:
    """SES_ESPropertyInfo of V1."""
    times = [when(text) for _ in range(3)]
    parts = [Integer(1), UTF8String("章"), certificates, *times]
    return b"".join(part.dump() for part in parts)


class Strings(SequenceOf):
    _child_spec = Any


def sequence(*parts: bytes) -> bytes:
    body = b"".join(parts)
    return b"\x30\x82" + len(body).to_bytes(2, "big") + body


def crowded(place: str, crowd: bytes) -> bytes:
    """A seal of V4 with a crowd of values at the end of one SEQUENCE."""

    def part(name: str, *fields: bytes) -> bytes:
        body = b"".join(fields) + (crowd if name == place else b"")
        return b"\x30\x84" + len(body).to_bytes(4, "big") + body

    time_ = UTCTime("260101020304Z").dump()
    header = part("header", IA5String("ES").dump(), Integer(4).dump(), IA5String("Vid").dump())
    entries = part("certList", OctetString(b"certificate").dump())
    name = UTF8String("章").dump()
    properties = part("property", Integer(1).dump(), name, Integer(1).dump(), entries, time_, time_, time_)
    size = Integer(40).dump()
    image = part("picture", IA5String("PNG").dump(), OctetString(b"x").dump(), size, size)
    info = part("eSealInfo", header, IA5String("id").dump(), properties, image)
    return part("SESeal", info, MAKER, ALGORITHM, SIGNATURE)


def v1(properties: bytes, name_type: type[Asn1Value] = IA5String) -> bytes:
    header = sequence(IA5String("ES").dump(), Integer(1).dump(), name_type("Vid").dump())
    image = sequence(IA5String("png").dump(), OctetString(picture()).dump(), Integer(40).dump(), Integer(30).dump())
    info = sequence(header, IA5String("id").dump(), sequence(properties), image)
    return sequence(info, sequence(MAKER, ALGORITHM, SIGNATURE))


@pytest.mark.parametrize(
    ("der", "created"),
    [
        pytest.param(
            v1(property_list(Strings([Any(IA5String("1"))]), UTCTime, "260101020304Z")),
            at(2026, 1, 1, 2, 3, 4),
            id="v1-identifier-for-a-certificate",
        ),
        pytest.param(
            v1(property_list(Strings([Any(OctetString(b"c"))]), GeneralizedTime, "20260101020304Z")),
            at(2026, 1, 1, 2, 3, 4),
            id="v1-generalized-time",
        ),
        pytest.param(
            v1(property_list(Strings([Any(OctetString(b"c"))]), GeneralizedTime, "20260101100304")),
            at(2026, 1, 1, 2, 3, 4),
            id="local-time-is-beijing",
        ),
        pytest.param(
            v1(property_list(Strings([Any(OctetString(b"c"))]), UTCTime, "260101020304Z"), PrintableString),
            at(2026, 1, 1, 2, 3, 4),
            id="other-string-type",
        ),
    ],
)
def test_dialect(der: bytes, created: datetime) -> None:
    assert service.is_seal(der)
    summary = service.summarize(der)
    assert (summary.created, summary.name, summary.vendor) == (created, "章", "Vid")
    assert (summary.picture_type, summary.certificate_count) == ("PNG", 1)


def test_name_in_the_national_code() -> None:
    der = seal(name="XXXX").replace(b"\x0c\x04XXXX", b"\x0c\x04" + "公章".encode("gb18030"))
    assert service.summarize(der).name == "公章"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x30", id="half-header"),
        pytest.param(b"hello world", id="text"),
        pytest.param((SAMPLES / "certs" / "UCA_Root_G2.der").read_bytes(), id="certificate"),
        pytest.param(b"\x30\x84\xff\xff\xff\xff\x30\x80\x30\x05\x16\x02EX", id="other-header"),
    ],
)
def test_not_a_seal(value: bytes) -> None:
    assert not service.is_seal(value)
    with pytest.raises(XiekaError) as caught:
        service.summarize(value)
    assert caught.value.code in ("E-SEA-01", "E-SEA-04")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"width_mm": -1}, "E-SEA-01", id="negative-size"),
        pytest.param({"kind": 10**5000}, "E-SEA-01", id="number-of-thousands-of-digits"),
        pytest.param({"picture": bytes(reader.MAX_BYTES)}, "E-SEA-06", id="above-the-cap"),
        pytest.param(
            {"certificates": (b"",) * (reader.MAX_CERTIFICATES + 1)}, "E-SEA-06", id="one-certificate-too-many"
        ),
    ],
)
def test_out_of_bounds(changes: dict[str, object], code: str) -> None:
    with pytest.raises(XiekaError) as caught:
        service.summarize(seal(**changes))
    assert caught.value.code == code


@pytest.mark.parametrize("place", ["header", "property", "certList", "picture", "eSealInfo", "SESeal"])
def test_a_field_nobody_knows(place: str) -> None:
    # asn1crypto passes over what follows the last field it knows.
    with pytest.raises(XiekaError) as caught:
        service.summarize(crowded(place, NULL if place != "certList" else LONG_TAG))
    assert caught.value.code == "E-SEA-01"


@pytest.mark.parametrize("file", sorted((SAMPLES / "seals").iterdir()), ids=lambda file: file.stem)
def test_cut_short_or_with_something_behind(file: Path) -> None:
    der = file.read_bytes()
    places = {*range(1, 40), *range(len(der) - 40, len(der)), *range(1, len(der), 97)}
    for length in sorted(places):
        with pytest.raises(XiekaError) as caught:
            service.summarize(der[:length])
        assert caught.value.code == "E-SEA-04", length
    for behind in (b"\0", b"\x30\x00", der):
        with pytest.raises(XiekaError) as caught:
            service.summarize(der + behind)
        assert caught.value.code == "E-SEA-05"


def test_depth_costs_nothing() -> None:
    data = b""
    for _ in range(1000):
        data = b"\x30\x84" + len(data).to_bytes(4, "big") + data
    with pytest.raises(XiekaError) as caught:
        service.summarize(data)
    assert caught.value.code == "E-SEA-06"


def test_as_many_certificates_as_allowed() -> None:
    der = seal(certificates=(b"x",) * reader.MAX_CERTIFICATES)
    assert service.summarize(der).certificate_count == reader.MAX_CERTIFICATES


NULL, LONG_TAG = b"\x05\x00", b"\x1f\x01\x00"


@pytest.mark.parametrize("filling", [NULL, LONG_TAG, b"\x30\x80\x00\x00"], ids=["nulls", "long-tags", "indefinite"])
@pytest.mark.parametrize("place", ["header", "property", "certList", "picture", "eSealInfo", "SESeal"])
def test_a_million_values_cost_nothing(place: str, filling: bytes) -> None:
    assert service.summarize(crowded("", b"")).name == "章"
    crowd = filling * (reader.MAX_BYTES // len(filling) - 400)
    der = crowded(place, crowd)
    assert len(der) <= reader.MAX_BYTES
    assert service.is_seal(der)
    begin = time.perf_counter()
    with pytest.raises(XiekaError) as caught:
        service.summarize(der)
    assert caught.value.code == ("E-SEA-06" if filling == NULL else "E-SEA-01")
    assert time.perf_counter() - begin < 0.2


def test_a_seal_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = []
    real = reader.seal
    monkeypatch.setattr(reader, "seal", lambda value: parsed.append(value) or real(value))
    der = seal(name="只读一次")
    assert service.summarize(der) == service.summarize(bytes(bytearray(der)))
    assert service.picture(der).width == 40
    assert len(parsed) == 1


def test_texts_are_made_safe_and_short() -> None:
    summary = service.summarize(seal(name="公司\u202e章" + "长" * 500, picture_type="P\nNG"))
    assert summary.name.startswith("公司\ufffd章长")
    assert len(summary.name) == 200
    assert summary.picture_type == "P\ufffdNG"
