"""What two certificates are to each other: a table, then real bytes once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from tests.certificate import make
from tests.certificate.test_calendar import certificate
from xieka.certificate import comparison
from xieka.certificate import service as certificates
from xieka.certificate.comparison import Comparison, Named
from xieka.certificate.models import CertificateDetail, Extension, Role

YEAR = timedelta(days=365)
OLD = certificate().model_copy(
    update={
        "serial": "01", "sha256": "A1" * 32, "public_key": "AB" * 256, "org_code": "MA1K0000-7",
        "subject_fields": [("名称 (CN)", "上海沪申示例贸易有限公司")], "issuer_fields": [("名称 (CN)", "练习 CA")],
    }
)  # fmt: skip
NEW: dict[str, Any] = {
    "serial": "02",
    "sha256": "B2" * 32,
    "not_before": OLD.not_before + YEAR,
    "not_after": OLD.not_after + YEAR,
}
NO_CODES = {"uscc": None, "org_code": None}
OTHER_UNIT = {"uscc": "91310104MA1FR0042N", "org_code": "MA1FR004-2", "subject": "上海浦江示例科技有限公司"}
END = "2028-02-29"


def beside(old: CertificateDetail = OLD, **changes: Any) -> CertificateDetail:
    return old.model_copy(update=NEW | changes)


def compare(first: CertificateDetail, second: CertificateDetail) -> Comparison:
    return comparison.compare(Named("甲", first), Named("乙", second))


@dataclass(frozen=True)
class Case:
    name: str
    changes: dict[str, Any]
    outcome: str
    level: str
    says: str
    also: list[str] = field(default_factory=list)
    """Beginnings of the remarks, all of them."""
    old: dict[str, Any] = field(default_factory=dict)


NEW_KEY = {"public_key": "CD" * 256}
CASES = [
    Case("renewed, same key", {}, "renewed", "ok", f"同一单位的新证书：有效期延长至 {END}", ["密钥没有变化"]),
    Case("renewed, new key", NEW_KEY, "renewed", "ok", f"延长至 {END}", ["换了新的密钥"]),
    Case(
        "encryption, new key: the old one is kept",
        NEW_KEY | {"role": Role.ENCRYPTION}, "renewed", "ok", "同一单位的新证书",
        ["换了新的密钥", "用旧密钥加密的文件"], {"role": Role.ENCRYPTION},
    ),
    Case(
        "renamed", {"subject": "上海沪申新名贸易有限公司"}, "renewed", "ok", "同一单位的新证书",
        ["密钥没有变化", "单位名称由“上海沪申示例贸易有限公司”改为“上海沪申新名贸易有限公司”"],
    ),
    Case(
        "another issuer", {"issuer": "另一 CA", "issuer_fields": [("名称 (CN)", "另一 CA")], "serial": "01"},
        "renewed", "ok", "同一单位的新证书", ["密钥没有变化", "颁发机构由“练习 CA”换成“另一 CA”"],
    ),
    Case("begins later, ends no later", {"not_after": OLD.not_after}, "not_longer", "info", "有效期没有延长", ["密钥"]),
    Case("begins later, ends earlier", {"not_after": OLD.not_after - YEAR}, "not_longer", "info", "没有延长", ["密"]),
    Case(
        "the organisation code where one has no credit code",
        {"uscc": None}, "renewed", "ok", "同一单位的新证书", ["密钥没有变化"],
    ),
    Case(
        "the same name, no codes: not said to be the same unit", NO_CODES, "renewed", "ok", "名称相同的单位的新证书",
        ["密钥没有变化", "两张证书里没有可以比较的单位代码"],
    ),
    Case("another name, no codes", NO_CODES | {"subject": "别的公司"} | NEW_KEY, "stranger", "warn", "不是同一单位"),
    Case(
        "another unit", OTHER_UNIT | NEW_KEY, "stranger", "warn",
        "不是同一单位的证书：“上海沪申示例贸易有限公司”和“上海浦江示例科技有限公司”",
    ),
    Case("the same name, another code", {"uscc": OTHER_UNIT["uscc"]} | NEW_KEY, "stranger", "warn", "不是同一单位"),
    Case(
        "another unit with the same key", OTHER_UNIT, "stranger", "bad", "不是同一单位",
        ["两张证书用的是同一把密钥，这不正常"],
    ),
    Case("a pair", {"role": Role.ENCRYPTION} | NEW_KEY, "pair", "info", "一张用于签名，一张用于加密"),
    Case("a pair with one key", {"role": Role.ENCRYPTION}, "pair", "info", "一对", ["两张证书用的是同一把密钥。"]),
    Case("an authority's beside it", {"role": None} | NEW_KEY, "other_use", "info", "用途不同"),
    Case("one number, two contents", {"serial": "01"}, "conflict", "bad", "其中一张可能是伪造的"),
    Case("one number, two contents, two units", {"serial": "01"} | OTHER_UNIT, "conflict", "bad", "可能是伪造的"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_they_are_to_each_other(case: Case) -> None:
    old = OLD.model_copy(update=case.old)
    new = beside(old, **case.changes)
    if case.name in ("the same name, no codes: not said to be the same unit", "another name, no codes"):
        old = old.model_copy(update=NO_CODES)
    found = compare(old, new)
    assert (found.outcome, found.level) == (case.outcome, case.level)
    assert case.says in found.sentence
    assert len(found.remarks) == len(case.also), found.remarks
    for remark, beginning in zip(found.remarks, case.also, strict=True):
        assert remark.startswith(beginning)
    assert (found.left, found.right, found.first) == ("甲", "乙", "left")
    assert found.ordered
    # The other way round says the same of the same sides.
    again = compare_back(old, new)
    assert again == found.model_copy(update={"first": "right"})


def compare_back(old: CertificateDetail, new: CertificateDetail) -> Comparison:
    return comparison.compare(Named("乙", new), Named("甲", old))


def test_the_same_certificate() -> None:
    found = compare(OLD, OLD)
    assert (found.outcome, found.level, found.remarks, found.different) == ("identical", "info", [], [])
    assert len(found.same) > 15
    # Neither is the older one of a pair that was issued together.
    pair = compare(OLD, OLD.model_copy(update={"role": Role.ENCRYPTION, "serial": "02", "sha256": "B2" * 32}))
    assert (pair.outcome, pair.ordered, pair.first) == ("pair", False, "left")


def test_rows_are_what_differs_in_the_certificates_order_and_what_does_not() -> None:
    identifier = Extension(oid="2.5.29.14", name="使用者密钥标识符", known=True, critical=False, value="AA")
    told = Extension(oid="1.2.3", name="1.2.3", known=False, critical=False, value="00")
    old = OLD.model_copy(update={"extensions": [identifier, told, told]})
    new = beside(
        extensions=[identifier.model_copy(update={"value": "BB"}), told.model_copy(update={"critical": True})],
        uscc=None,
        # Differs in the middle alone, which is not shown.
        public_key="AB" * 128 + "CD" + "AB" * 127,
    )
    found = compare(old, new)
    rows = {row.name: (row.left, row.right) for row in found.different}
    assert list(rows) == [
        "统一社会信用代码", "生效时间", "到期时间", "公钥数据", "证书序列号", "使用者密钥标识符", "1.2.3",
        "SHA-256 指纹",
    ]  # fmt: skip
    assert rows["统一社会信用代码"] == ("91310115MA1K00007Q", "")
    assert rows["使用者密钥标识符"] == ("AA", "BB")
    assert rows["公钥数据"] == ("ABABABABABABABAB…ABABABABABABABAB",) * 2
    # Two of one name: the one that became critical, and the one that is gone.
    assert [(row.left, row.right) for row in found.different if row.name == "1.2.3"] == [
        ("00", "00（关键）"), ("00", ""),
    ]  # fmt: skip
    assert {"使用者", "组织机构代码", "颁发机构", "证书类型", "版本"} <= {row.name for row in found.same}


def test_real_bytes_and_a_hostile_name() -> None:
    old = make.certificate(make.usage(0), serial=1)
    new = make.certificate(make.usage(0), serial=2, begin=make.END, end=make.END + YEAR)
    odd = make.certificate(make.usage(0), serial=3, common_name="{end} %s <b>\u202e")
    found = certificates.compare(("新", new), ("旧", old), make.BEGIN)
    assert (found.outcome, found.left, found.right, found.first) == ("renewed", "旧", "新", "right")
    assert {row.name for row in found.different} == {"生效时间", "到期时间", "证书序列号", "SHA-256 指纹"}
    strange = certificates.compare(("新", new), ("怪", odd), make.BEGIN)
    assert strange.sentence == "不是同一单位的证书：“{end} %s <b>\ufffd”和“示例公司”"
