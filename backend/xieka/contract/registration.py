"""用户注册: what the client asks for and what the registration page sends. REQ-024 … REQ-036."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from xieka.contract.base import Line, Reply, Value, When

NOTICE_VERSION = "2026-11"
"""Version of 个人信息处理说明 that a consent refers to."""

ConsentPurpose = Literal["statistics", "survey", "information", "other"]
"""The four purposes of the manual (REQ-028 … REQ-031), in this order; each is given and withdrawn on its own."""


_EMAIL = r"^([^@\s]{1,64}@[^@\s]{1,80}\.[^@\s.]{2,})?$"


class CodeRequest(Value):
    """POST /v1/registration/codes: for which certificate (DER, base64). It is public; nothing is proven by it."""

    certificate: Annotated[str, StringConstraints(min_length=100, max_length=12_000)]


class Code(Reply):
    """A one-time code for the page, and the client's own handle to ask what became of it."""

    page_url: str
    """Where the page is; the code stands in it, nothing about the user does."""
    handle: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
    expires_in: Annotated[int, Field(ge=1, le=86_400)]


class CodeState(Reply):
    """GET /v1/registration/codes/state with the handle as bearer."""

    state: Literal["open", "submitted", "skipped", "expired"]


class Details(Value):
    """What a person may fill in; everything is voluntary."""

    contact: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""
    mobile: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^(1[3-9][0-9]{9})?$")] = ""
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120, pattern=_EMAIL)] = ""


class Registration(Reply):
    """One stored registration as its owner sees it (GET /v1/registrations with a session)."""

    id: str
    organisation: str
    details: Details
    consents: list[ConsentPurpose]
    notice_version: str
    submitted_at: When
    changed_at: When


class Registrations(Reply):
    """Everything stored for the session's certificate."""

    registrations: Annotated[list[Registration], Field(max_length=100)]


class Correction(Value):
    """PUT /v1/registrations/{id}: the whole new content; withdrawing a consent is leaving it out."""

    details: Details
    consents: Annotated[list[ConsentPurpose], Field(max_length=4)]


class Organisation(Reply):
    """Who a certificate belongs to, as the registration page shows it."""

    name: Line
