"""Two certificates side by side: what differs, what is the same, and what that means for people.

Compares what certificates say. Whether what they say is true is for `trust`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from xieka.certificate.models import CertificateDetail, Role
from xieka.core import messages


class Outcome(StrEnum):
    """What two certificates are to each other; the sentences are `comparison` in the catalogue."""

    IDENTICAL = "identical"
    CONFLICT = "conflict"
    """One issuer, one serial number, two contents: RFC 5280, 4.1.2.2 knows no such thing."""
    STRANGER = "stranger"
    PAIR = "pair"
    """The two halves of a dual-certificate Ukey (GB/T 20518)."""
    OTHER_USE = "other_use"
    RENEWED = "renewed"
    NOT_LONGER = "not_longer"


class Row(BaseModel):
    """One field of both; "" where a certificate does not have it."""

    model_config = ConfigDict(frozen=True)

    name: str
    left: str
    right: str


class Comparison(BaseModel):
    """The older certificate (by notBefore, then by notAfter) is the left one."""

    model_config = ConfigDict(frozen=True)

    outcome: Outcome
    level: Literal["ok", "info", "warn", "bad"]
    sentence: str
    remarks: list[str]
    left: str
    """What this side is called: where the certificate comes from."""
    right: str
    first: Literal["left", "right"]
    """Where the certificate stands that was named first."""
    ordered: bool
    """One is older than the other; else the one that was named first is the left one."""
    different: list[Row]
    same: list[Row]


class Named(NamedTuple):
    """A certificate, and what people are told about where it comes from."""

    name: str
    detail: CertificateDetail


_LEVELS: dict[Outcome, Literal["ok", "info", "warn", "bad"]] = {
    Outcome.RENEWED: "ok",
    Outcome.STRANGER: "warn",
    Outcome.CONFLICT: "bad",
}
"""Everything else is `info`."""

_OWN_ROWS = frozenset({"2.5.29.15", "2.5.29.37"})
"""keyUsage and extKeyUsage: said among the fields already."""
_ENDS = 16
"""Characters that are shown of either end of a long key; the whole of it is compared."""

Holder = Literal["same", "name", "other"]


class _Field(NamedTuple):
    name: str
    value: str
    shown: str | None = None


def compare(first: Named, second: Named) -> Comparison:
    """How two certificates differ."""
    swapped = _begin(second.detail) < _begin(first.detail)
    left, right = (second, first) if swapped else (first, second)
    holder = _holder(left.detail, right.detail)
    outcome = _outcome(left.detail, right.detail, holder)
    rows = list(_rows(_fields(left.detail), _fields(right.detail)))
    same_key = left.detail.public_key == right.detail.public_key
    words = messages.names("comparison")
    return Comparison(
        outcome=outcome,
        level="bad" if same_key and outcome is Outcome.STRANGER else _LEVELS.get(outcome, "info"),
        sentence=words[outcome].format(
            who=messages.names("comparison_holder").get(holder, ""),
            left=left.detail.subject,
            right=right.detail.subject,
            end=_day(right.detail.not_after),
        ),
        remarks=[] if outcome is Outcome.IDENTICAL else list(_remarks(left.detail, right.detail, holder, outcome)),
        left=left.name,
        right=right.name,
        first="right" if swapped else "left",
        ordered=_begin(left.detail) != _begin(right.detail),
        different=[row for row, same in rows if not same],
        same=[row for row, same in rows if same],
    )


def _begin(detail: CertificateDetail) -> tuple[datetime, datetime]:
    return detail.not_before, detail.not_after


def _holder(left: CertificateDetail, right: CertificateDetail) -> Holder:
    """By the code that both carry; by the name alone only where they carry none, and that proves nothing."""
    for one, other in ((left.uscc, right.uscc), (left.org_code, right.org_code)):
        if one and other:
            return "same" if one == other else "other"
    return "name" if left.subject == right.subject else "other"


def _outcome(left: CertificateDetail, right: CertificateDetail, holder: Holder) -> Outcome:
    if left.sha256 == right.sha256:
        return Outcome.IDENTICAL
    if (left.serial, left.issuer_fields) == (right.serial, right.issuer_fields):
        return Outcome.CONFLICT
    if holder == "other":
        return Outcome.STRANGER
    if left.role is not right.role:
        return Outcome.PAIR if {left.role, right.role} == set(Role) else Outcome.OTHER_USE
    return Outcome.RENEWED if right.not_after > left.not_after else Outcome.NOT_LONGER


def _remarks(left: CertificateDetail, right: CertificateDetail, holder: Holder, outcome: Outcome) -> Iterator[str]:
    words = messages.names("comparison_remark")
    same_key = left.public_key == right.public_key
    if outcome in (Outcome.RENEWED, Outcome.NOT_LONGER):
        yield words["same_key" if same_key else "new_key"]
        if not same_key and left.role is Role.ENCRYPTION:
            yield words["keep_old"]
    elif same_key and outcome is not Outcome.CONFLICT:
        yield words["shared_key" if outcome is Outcome.STRANGER else "one_key"]
    if holder == "same" and left.subject != right.subject:
        yield words["renamed"].format(left=left.subject, right=right.subject)
    if holder == "name":
        yield words["name_only"]
    if left.issuer_fields != right.issuer_fields:
        yield words["other_issuer"].format(left=left.issuer, right=right.issuer)


def _rows(left: dict[str, _Field], right: dict[str, _Field]) -> Iterator[tuple[Row, bool]]:
    """(row, it is the same on both sides), fields that only the right one has at the end of theirs."""
    nothing = _Field("", "")
    for key in left | right:
        one, other = left.get(key, nothing), right.get(key, nothing)
        yield Row(name=one.name or other.name, left=_shown(one), right=_shown(other)), one.value == other.value


def _shown(field: _Field) -> str:
    return field.value if field.shown is None else field.shown


def _fields(detail: CertificateDetail) -> dict[str, _Field]:
    names = messages.names("comparison_field")
    values = {
        "subject": detail.subject,
        "uscc": detail.uscc or "",
        "org_code": detail.org_code or "",
        "subject_name": _one_line(detail.subject_fields),
        "not_before": _moment(detail.not_before),
        "not_after": _moment(detail.not_after),
        "issuer": detail.issuer,
        "issuer_name": _one_line(detail.issuer_fields),
        "kind": messages.names("certificate_kind")[detail.kind],
        "role": messages.text(f"role_{detail.role.value}") if detail.role else "",
        "usages": "、".join(detail.usages),
        "extended_usages": "、".join(detail.extended_usages),
        "algorithm": detail.algorithm,
        "public_key": detail.public_key,
        "serial": detail.serial,
        "signature_algorithm": detail.signature_algorithm,
        "version": f"V{detail.version}",
    }
    found = {key: _Field(names[key], value) for key, value in values.items()}
    key = detail.public_key
    if len(key) > 2 * _ENDS:
        found["public_key"] = _Field(names["public_key"], key, f"{key[:_ENDS]}…{key[-_ENDS:]}")
    for extension in detail.extensions:
        if extension.oid in _OWN_ROWS:
            continue
        place = f"extension {extension.oid}"
        while place in found:
            # The same extension twice is forbidden (RFC 5280, 4.2), and compared all the same.
            place += "+"
        critical = names["critical"] if extension.critical else ""
        found[place] = _Field(extension.name, f"{extension.value}{critical}")
    found["sha256"] = _Field(names["sha256"], detail.sha256)
    return found


def _one_line(name: list[tuple[str, str]]) -> str:
    return ", ".join(f"{label}={value}" for label, value in name)


def _day(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
