"""Role, kind, identifiers, days left and the texts of extensions, on certificates made for each case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto.core import Boolean, Null, OctetString, PrintableString, Sequence, UTF8String
from cryptography import x509

from tests.certificate.make import BEGIN, END, certificate, private, raw, usage
from xieka.certificate import describe, service
from xieka.certificate.models import Role, ValidityState

NOW = datetime(2026, 6, 1, tzinfo=UTC)
LEGACY_ID = "1.2.156.1.8888.148"


def legacy(value: bytes, oid: str = LEGACY_ID) -> x509.UnrecognizedExtension:
    return raw("1.2.156.1.8888", describe.LegacyItems([{"oid": oid, "value": value}]).dump())


@pytest.mark.parametrize(
    ("bits", "role"),
    [
        pytest.param((0, 1), Role.SIGNING, id="signature-and-non-repudiation"),
        pytest.param((0,), Role.SIGNING, id="signature"),
        pytest.param((1,), Role.SIGNING, id="non-repudiation"),
        pytest.param((2, 3), Role.ENCRYPTION, id="rsa-encryption"),
        pytest.param((4,), Role.ENCRYPTION, id="key-agreement"),
        pytest.param((0, 2), Role.SIGNING, id="both"),
        pytest.param((5, 6), None, id="authority"),
        pytest.param((0, 5), None, id="authority-that-signs"),
        pytest.param((6,), None, id="lists-only"),
    ],
)
def test_role(bits: tuple[int, ...], role: Role | None) -> None:
    assert service.role_of(certificate(usage(*bits))) is role


def test_no_key_usage_means_no_role() -> None:
    assert service.role_of(certificate()) is None


@pytest.mark.parametrize(
    ("extensions", "kind"),
    [
        pytest.param((), "unknown", id="none"),
        pytest.param((legacy(b"MA1K00007"),), "legacy", id="container"),
        pytest.param((private("1.2.156.10260.4.1.1", "x"),), "unknown", id="personal-id-alone"),
        pytest.param((private("1.2.156.10260.4.1.3", "1"),), "yizhengtong", id="registration"),
        pytest.param((private("1.2.156.10260.4.1.4", "1"),), "yizhengtong", id="org-code"),
        pytest.param((private("1.2.156.10260.4.1.5", "1"),), "yizhengtong", id="tax"),
        pytest.param((private("1.2.156.112570.11.205", "1"),), "yizhengtong", id="unique-id"),
        pytest.param((private("1.2.156.112570.11.210", "1"),), "yizhengtong", id="credit-code"),
        pytest.param((legacy(b"MA1K00007"), private("1.2.156.112570.11.210", "1")), "yizhengtong", id="both-marks"),
    ],
)
def test_kind(extensions: tuple[x509.ExtensionType, ...], kind: str) -> None:
    assert service.summarize(certificate(*extensions), NOW).kind == kind


USCC, ORG = "91310115MA1K00007Q", "MA1K0000-7"


@pytest.mark.parametrize(
    ("extensions", "uscc", "org_code"),
    [
        pytest.param((), None, None, id="none"),
        pytest.param((private("1.2.156.112570.11.210", USCC),), USCC, ORG, id="own-extension"),
        pytest.param((private("1.2.156.10260.4.1.4", "MA1K00007"),), None, ORG, id="org-code"),
        pytest.param((private("1.2.156.10260.4.1.4", "MA1K0000-7"),), None, ORG, id="org-code-written"),
        pytest.param((private("1.2.156.10260.4.1.4", "12345"),), None, "12345", id="odd-org-code-as-is"),
        pytest.param((private("1.2.156.112570.11.205", f"9342@XY{USCC}"),), USCC, ORG, id="unique-id-xy"),
        pytest.param((private("1.2.156.112570.11.205", "283@JJMA1K00007"),), None, ORG, id="unique-id-jj"),
        pytest.param((private("1.2.156.112570.11.205", "283@JJMA1K00008"),), None, None, id="wrong-check"),
        pytest.param((legacy(b"MA1K00007"),), None, ORG, id="legacy-bare"),
        pytest.param((legacy(b"JJMA1K00007"),), None, ORG, id="legacy-prefixed"),
        pytest.param((legacy(PrintableString("MA1K00007").dump()),), None, ORG, id="legacy-der-string"),
        pytest.param((legacy(b"SF112020000356218"),), None, None, id="legacy-person"),
        pytest.param((legacy(b"MA1K00007", "1.2.156.1.8888.144"),), None, None, id="legacy-other-item"),
        pytest.param((raw("1.2.156.1.8888", b"\x04\x01x"),), None, None, id="legacy-unforeseen-form"),
    ],
)
def test_organisation_ids(extensions: tuple[x509.ExtensionType, ...], uscc: str | None, org_code: str | None) -> None:
    summary = service.summarize(certificate(*extensions), NOW)
    assert (summary.uscc, summary.org_code) == (uscc, org_code)


SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "days_left", "state"),
    [
        pytest.param(BEGIN - SECOND, 365, ValidityState.NOT_YET, id="a-second-early"),
        pytest.param(BEGIN, 365, ValidityState.VALID, id="first-instant"),
        pytest.param(END - 91 * DAY, 91, ValidityState.VALID, id="91-days"),
        pytest.param(END - 91 * DAY + SECOND, 90, ValidityState.EXPIRING, id="just-below-91-days"),
        pytest.param(END - DAY, 1, ValidityState.EXPIRING, id="one-day"),
        pytest.param(END - DAY + SECOND, 0, ValidityState.EXPIRING, id="last-day"),
        pytest.param(END, 0, ValidityState.EXPIRING, id="last-instant"),
        pytest.param(END + SECOND, -1, ValidityState.EXPIRED, id="a-second-late"),
        pytest.param(END + DAY + SECOND, -2, ValidityState.EXPIRED, id="a-day-and-a-second-late"),
        pytest.param((END - DAY).astimezone(tz=None), 1, ValidityState.EXPIRING, id="same-instant-in-another-zone"),
    ],
)
def test_days_left_and_state(now: datetime, days_left: int, state: ValidityState) -> None:
    summary = service.summarize(certificate(), now)
    assert (summary.days_left, summary.state) == (days_left, state)


@pytest.mark.parametrize(
    ("now", "used"),
    [
        pytest.param(BEGIN - 9 * DAY, 0.0, id="before"),
        pytest.param(BEGIN + (END - BEGIN) / 4, 0.25, id="a-quarter"),
        pytest.param(END + 9 * DAY, 1.0, id="after"),
    ],
)
def test_life_used(now: datetime, used: float) -> None:
    assert service.summarize(certificate(), now).life_used == pytest.approx(used)


@pytest.mark.parametrize(
    ("names", "subject"),
    [
        pytest.param({"common_name": "甲", "organisation": "乙"}, "甲", id="cn"),
        pytest.param({"common_name": None, "organisation": "乙"}, "乙", id="o"),
        pytest.param({"common_name": " ", "organisation": "乙"}, "乙", id="blank-cn"),
        pytest.param({"common_name": None}, "", id="empty"),
        pytest.param({"common_name": "甲\u202e乙\n丙"}, "甲\ufffd乙\ufffd丙", id="bidi-and-control"),
    ],
)
def test_subject(names: dict[str, str | None], subject: str) -> None:
    assert service.summarize(certificate(**names), NOW).subject == subject  # type: ignore[arg-type]


def personal_id(tag: int, value: str) -> bytes:
    inner = PrintableString(value).dump()
    return bytes([0xA0 + tag, len(inner)]) + inner


@pytest.mark.parametrize(
    ("extension", "name", "value"),
    [
        pytest.param(private("1.2.156.112570.11.205", "1@XY91"), "证书唯一标识", "1@XY91", id="sheca-unique-id"),
        pytest.param(
            raw("1.2.156.112570.11.201", UTF8String("账号").dump()), "住房公积金账号", "账号", id="utf8-string"
        ),
        pytest.param(
            raw("1.2.156.10260.4.1.1", personal_id(0, "11010519491231002X")),
            "个人身份标识码",
            "居民身份证 11010519491231002X",
            id="resident-id",
        ),
        pytest.param(raw("1.2.156.10260.4.1.1", personal_id(2, "E1")), "个人身份标识码", "护照 E1", id="passport"),
        pytest.param(legacy(b"MA1K00007"), "单位标识（旧式证书）", "证书唯一标识 MA1K00007", id="legacy"),
        pytest.param(
            x509.SubjectAlternativeName([x509.RFC822Name("a@example.cn"), x509.DNSName("example.cn")]),
            "使用者备用名称",
            "电子邮件 a@example.cn；域名 example.cn",
            id="alternative-names",
        ),
        pytest.param(
            x509.ExtendedKeyUsage([x509.ObjectIdentifier("1.3.6.1.5.5.7.3.2"), x509.ObjectIdentifier("1.2.3")]),
            "增强型密钥用途",
            "客户端身份验证、1.2.3",
            id="purposes",
        ),
        pytest.param(
            raw("2.5.29.19", Sequence.load(b"\x30\x03" + Boolean(False).dump()).dump()),
            "基本约束",
            "最终用户",
            id="explicit-false",
        ),
        pytest.param(raw("1.3.6.1.5.5.7.48.1.5", Null().dump()), "OCSP 不核验", "", id="no-check"),
        pytest.param(raw("2.5.29.14", b"\x04\x05ab"), "使用者密钥标识符", "04056162", id="broken-value-as-hex"),
        pytest.param(
            raw("1.2.156.112570.11.206", OctetString(b"\x01").dump()),
            "1.2.156.112570.11.206",
            "040101",
            id="unknown-as-hex",
        ),
    ],
)
def test_extension(extension: x509.ExtensionType, name: str, value: str) -> None:
    (found,) = service.detail(certificate(extension), NOW).extensions
    assert (found.name, found.value) == (name, value)
    assert found.known is (found.name != found.oid)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_teletex_name_in_a_code_page(encoding: str) -> None:
    name = "示例\x1b".encode(encoding)
    mark = b"X" * len(name)
    der = certificate(common_name=mark.decode()).replace(
        b"\x0c" + bytes([len(name)]) + mark, b"\x14" + bytes([len(name)]) + name
    )
    assert service.detail(der, NOW).subject_fields == [("名称 (CN)", "示例\ufffd")]
