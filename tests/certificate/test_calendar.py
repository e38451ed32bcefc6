"""The calendar entry, read back by the rules of RFC 5545 (a reader of the test's own, not the writer's)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.certificate import make
from xieka.certificate import calendar
from xieka.certificate import service as certificates
from xieka.certificate.models import CertificateDetail, Role, ValidityState
from xieka.core.errors import XiekaError

SHANGHAI = timezone(timedelta(hours=8))
END = datetime(2027, 3, 1, 15, 59, 59, tzinfo=UTC)
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)


def certificate(
    subject: str = "上海沪申示例贸易有限公司", issuer: str = "练习 CA", sha256: str = "AB" * 32
) -> CertificateDetail:
    return CertificateDetail(
        role=Role.SIGNING, subject=subject, issuer=issuer, serial="5F2C1A90", not_before=END - timedelta(days=365),
        not_after=END, days_left=93, state=ValidityState.VALID, life_used=0.5, uscc="91310115MA1K00007Q",
        org_code=None, kind="yizhengtong", algorithm="RSA 2048", usages=[], version=3, subject_fields=[],
        issuer_fields=[], signature_algorithm="", signature_algorithm_oid="", public_key="", extended_usages=[],
        extensions=[], sha1="", sha256=sha256, size=1,
    )  # fmt: skip


def lines(data: bytes) -> list[str]:
    """Content lines, unfolded (3.1)."""
    assert data.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", data)
    for physical in data.split(b"\r\n"):
        assert len(physical) <= 75
        # No character is torn apart by a fold.
        physical.decode()
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


def value(content: list[str], name: str) -> str:
    (found,) = (line.partition(":")[2] for line in content if re.match(rf"{name}[:;]", line))
    return str(found)


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def test_one_all_day_event_on_the_last_day_with_two_alarms() -> None:
    content = lines(calendar.entry(certificate(), NOW, SHANGHAI))
    assert content[0] == "BEGIN:VCALENDAR"
    assert content[-1] == "END:VCALENDAR"
    assert content.count("BEGIN:VEVENT") == content.count("END:VEVENT") == 1
    assert "DTSTART;VALUE=DATE:20270301" in content
    assert "DTEND;VALUE=DATE:20270302" in content
    assert value(content, "DTSTAMP") == "20261128T090000Z"
    assert value(content, "SUMMARY") == "数字证书到期：上海沪申示例贸易有限公司"
    (note,) = (line for line in content if line.startswith("DESCRIPTION:") and "5F2C1A90" in line)
    assert unescaped(note).startswith("DESCRIPTION:颁发机构：练习 CA\n证书序列号：5F2C1A90\n")
    alarms = "\n".join(content).split("BEGIN:VALARM")[1:]
    assert [re.search(r"TRIGGER:(.*)", alarm)[1] for alarm in alarms] == ["-P30D", "-P7D"]  # type: ignore[index]
    assert all("ACTION:DISPLAY" in alarm and "DESCRIPTION:" in alarm and "END:VALARM" in alarm for alarm in alarms)


@pytest.mark.parametrize(
    ("zone", "day"), [(SHANGHAI, "20270301"), (UTC, "20270301"), (timezone(timedelta(hours=9)), "20270302")]
)
def test_the_day_is_that_of_the_computers_zone(zone: timezone, day: str) -> None:
    assert f"DTSTART;VALUE=DATE:{day}" in lines(calendar.entry(certificate(), NOW, zone))


@pytest.mark.parametrize(("days", "alarms"), [(93, 2), (31, 2), (30, 1), (8, 1), (7, 0), (0, 0)])
def test_alarms_that_would_be_past_are_left_out(days: int, alarms: int) -> None:
    content = lines(calendar.entry(certificate(), END - timedelta(days=days), SHANGHAI))
    assert content.count("BEGIN:VALARM") == alarms


def test_the_same_certificate_has_the_same_uid_and_another_has_another() -> None:
    one = calendar.entry(certificate(), NOW, SHANGHAI)
    later = calendar.entry(certificate(), NOW + timedelta(days=3), UTC)
    other = calendar.entry(certificate(sha256="CD" * 32), NOW, SHANGHAI)
    assert value(lines(one), "UID") == value(lines(later), "UID") != value(lines(other), "UID")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("甲" * 200, id="long"),
        pytest.param("a" * 74 + "甲", id="a-character-on-the-edge"),
        pytest.param("a\U0001f600" * 60, id="four-octets"),
        pytest.param("甲,乙;丙\\丁", id="separators"),
        pytest.param("甲\\n乙", id="looks-escaped"),
    ],
)
def test_any_name_comes_back_whole(name: str) -> None:
    content = lines(calendar.entry(certificate(name), NOW, SHANGHAI))
    assert unescaped(value(content, "SUMMARY")) == f"数字证书到期：{name}"


def test_separators_are_escaped() -> None:
    content = lines(calendar.entry(certificate("甲,乙;丙\\丁"), NOW, SHANGHAI))
    assert value(content, "SUMMARY") == r"数字证书到期：甲\,乙\;丙\\丁"


def test_the_file_is_named_like_the_export_and_there_is_none_after_the_end() -> None:
    der = make.certificate(make.usage(0))
    name, content = certificates.calendar_file(der, make.END - timedelta(days=1))
    assert name == "示例公司_签名_1234_到期提醒.ics"
    assert content.startswith(b"BEGIN:VCALENDAR")
    certificates.calendar_file(der, make.END)
    with pytest.raises(XiekaError) as caught:
        certificates.calendar_file(der, make.END + timedelta(seconds=1))
    assert caught.value.code == "E-CAL-01"


@pytest.mark.parametrize(
    "evil", ["甲\r\nATTACH:file:///etc/passwd", "甲\nEND:VEVENT", "甲\rBEGIN:VALARM", "甲\x00\x1b[2J"]
)
def test_a_name_cannot_add_lines(evil: str) -> None:
    data = calendar.entry(certificate(evil, issuer=evil), NOW, SHANGHAI)
    plain = lines(calendar.entry(certificate(), NOW, SHANGHAI))
    assert [line.split(":")[0] for line in lines(data)] == [line.split(":")[0] for line in plain]
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", data)
