"""Seals and what came of verifying them, as lines for people."""

from __future__ import annotations

from datetime import datetime

from xieka.core import messages
from xieka.seal.models import Named, SealDetail, SignatureVerification, Step, Verification

_MARKS = {"ok": "✓", "doubtful": "!", "failed": "✗", "unchecked": "?"}


def of_seal(detail: SealDetail) -> str:
    """A seal and its verification."""
    rows = [
        ("seal_name", detail.name),
        ("seal_id", detail.es_id),
        ("seal_version", f"{detail.version}（{detail.vendor}）"),
        ("seal_kind", str(detail.kind)),
        ("seal_created", _time(detail.created)),
        ("seal_validity", f"{_time(detail.not_before)} … {_time(detail.not_after)}"),
        ("seal_picture", f"{detail.picture_type}  {detail.width_mm} × {detail.height_mm} mm"),
        *(("seal_certificate", _named(one)) for one in detail.certificates),
        ("seal_maker", _named(detail.maker)),
        ("cert_signature_algorithm", f"{detail.algorithm} ({detail.algorithm_oid})"),
        *(("seal_extension", one.oid) for one in detail.extensions),
    ]
    lines = [f"{messages.text(key)}  {value}" for key, value in rows]
    return "\n".join([*lines, of_verification(detail.verification)])


def of_verification(found: Verification) -> str:
    """The sentence, and every step below it."""
    return "\n".join([found.sentence, *map(_step, found.steps)])


def of_signature(found: SignatureVerification) -> str:
    """The sentence, the steps about the signer and the document, and those about the seal inside."""
    signed = _time(found.signed_at) if found.signed_at else "—"
    rows = [
        ("signature_at", signed),
        ("signature_data", found.data_name),
        ("signature_hash", found.data_hash),
        ("seal_name", found.seal_name),
    ]
    facts = [f"{messages.text(key)}  {value}" for key, value in rows]
    return "\n".join([*facts, found.sentence, *map(_step, found.steps), *map(_step, found.seal_steps)])


def _step(step: Step) -> str:
    why = f"：{step.why}" if step.why else ""
    code = f"（{step.error.code}）" if step.error else ""
    return f"  {_MARKS[step.state]} {step.title}{why}{code}"


def _named(one: Named) -> str:
    if one.kind != "certificate":
        return f"{one.algorithm or ''} {one.value}".strip()
    return f"{one.subject or '—'}  {one.serial or ''}".strip()


def _time(instant: datetime) -> str:
    return f"{instant.astimezone():%Y-%m-%d %H:%M:%S}"
