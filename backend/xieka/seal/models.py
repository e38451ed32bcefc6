"""Values of the seal room."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from xieka.core.error_view import ErrorView

StepName = Literal[
    # of a seal
    "format",
    "extensions",
    "picture",
    "signature",
    "created",
    "maker_usage",
    "maker_period",
    "maker_chain",
    "maker_revocation",
    "maker_listed",
    "period",
    "time_stamp",
    "binding",
    # of a document's signature
    "signer_signature",
    "data",
    "signed_at",
    "signer_usage",
    "signer_period",
    "signer_chain",
    "signer_revocation",
]

Verdict = Literal["ok", "partial", "doubtful", "failed"]
"""ok: every step was taken and went well. partial: none speaks against it, some were not taken. doubtful: nothing is
wrong with it, but whoever made it is not among those who may."""


class SealSummary(BaseModel):
    """What a seal says about itself. Nothing here is verified: see Verification."""

    model_config = ConfigDict(frozen=True)

    es_id: str
    name: str
    version: int
    """SES_Header.version: 1, 4 or 5."""
    vendor: str
    """SES_Header.Vid."""
    kind: int
    """SES_ESPropertyInfo.type."""
    created: datetime
    not_before: datetime
    not_after: datetime
    picture_type: str
    """As written in the seal, upper case (PNG, GIF, JPG, BMP, SVG, OFD)."""
    width_mm: int
    height_mm: int
    picture_size: int
    """Length of the picture in bytes."""
    certificate_count: int
    """Entries of certList: certificates the seal says it may be used with."""


class Step(BaseModel):
    """One step of a verification."""

    model_config = ConfigDict(frozen=True)

    name: StepName
    title: str
    state: Literal["ok", "doubtful", "failed", "unchecked"]
    why: str
    """One sentence; "" where "ok" says it all."""
    error: ErrorView | None
    """The named reason of a failure."""


class Verification(BaseModel):
    """What came of verifying a seal, or a document's signature."""

    model_config = ConfigDict(frozen=True)

    verdict: Verdict
    sentence: str
    steps: list[Step]


class Named(BaseModel):
    """Whom an entry of certList, or the maker's certificate, names. Nothing here is verified."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["certificate", "digest", "identifier"]
    subject: str | None = None
    """None for what is no certificate, and for a certificate that cannot be understood."""
    issuer: str | None = None
    serial: str | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None
    algorithm: str | None = None
    """Of a digest, as the seal calls it."""
    value: str
    """The identifier, or hexadecimal: the digest, or SHA-256 over the certificate's DER."""


class SealExtension(BaseModel):
    """One extension of a seal."""

    model_config = ConfigDict(frozen=True)

    oid: str
    critical: bool
    size: int
    """Length of its value in bytes."""


class SealDetail(SealSummary):
    """Everything a seal says, and what came of verifying it."""

    certificates: list[Named]
    maker: Named
    algorithm: str
    algorithm_oid: str
    extensions: list[SealExtension]
    verification: Verification


class SignatureVerification(Verification):
    """What came of verifying a document's signature."""

    seal_steps: list[Step]
    """Of the seal inside, as of the time of signing; they count for the verdict."""
    signed_at: datetime | None
    """As the signer says."""
    data_name: str
    data_hash: str
    """Hexadecimal."""
    seal_name: str
