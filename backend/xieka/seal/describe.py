"""What a seal says, for people and scripts."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any as Untyped

from xieka.certificate import describe as certificate_words
from xieka.certificate import service as certificates
from xieka.core.errors import XiekaError
from xieka.core.text import decode_chinese, plain
from xieka.seal import reader, verify
from xieka.seal.content import SealContent
from xieka.seal.models import Named, SealDetail, SealExtension, SealSummary


def summary(content: SealContent) -> SealSummary:
    """See service.summarize."""
    return SealSummary(**_facts(content))


def detail(data: bytes, circumstances: verify.Circumstances) -> SealDetail:
    """See service.detail."""
    seal = reader.read(data)
    content, now = seal.content, circumstances.now
    return SealDetail(
        **_facts(content),
        certificates=[
            *(_certificate(der, now) for der in content.certificates),
            *(Named(kind="digest", algorithm=one.algorithm, value=one.value.hex()) for one in content.digests),
            *(Named(kind="identifier", value=plain(decode_chinese(raw))) for raw in content.identifiers),
        ],
        maker=_certificate(seal.maker, now),
        algorithm=certificate_words.signature_algorithm(seal.algorithm),
        algorithm_oid=seal.algorithm,
        extensions=[
            SealExtension(oid=one.oid, critical=one.critical, size=len(one.value)) for one in content.extensions
        ],
        verification=verify.verify(data, circumstances),
    )


def _certificate(der: bytes, now: datetime) -> Named:
    value = hashlib.sha256(der).hexdigest()
    try:
        found = certificates.summarize(der, now)
    except XiekaError:
        return Named(kind="certificate", value=value)
    return Named(
        kind="certificate",
        subject=found.subject,
        issuer=found.issuer,
        serial=found.serial,
        not_before=found.not_before,
        not_after=found.not_after,
        value=value,
    )


def _facts(content: SealContent) -> dict[str, Untyped]:
    return {
        "es_id": content.es_id,
        "name": content.name,
        "version": content.version,
        "vendor": content.vendor,
        "kind": content.kind,
        "created": content.created,
        "not_before": content.not_before,
        "not_after": content.not_after,
        "picture_type": content.picture_type,
        "width_mm": content.width_mm,
        "height_mm": content.height_mm,
        "picture_size": len(content.picture),
        "certificate_count": content.bound,
    }
