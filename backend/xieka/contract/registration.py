"""用户注册: what may be told about oneself, for which purposes, and how one sees, corrects and deletes it again.

The page is a static document of the service. It is opened with a one-time code in the address's fragment, which no
server, log or proxy sees, and exchanges it for a cookie of its own; no personal data ever stands in an address.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, Base64Bytes, Field, StringConstraints

from xieka.contract.base import Line, Random256, Reply, Value, When

Purpose = Literal["statistics", "survey", "information"]
"""What a person may consent to, each by itself: 统计和改善, 调查或研究, 发送信息 (REQ-028…030). For anything else
(REQ-031) the page says that it would be asked for separately; there is nothing to consent to before."""

PAGE: Final = "/register"
"""The page; a visit begins at `PAGE#CODE`."""
SENT: Final = "/register/sent"
"""Shown when the form was received."""
FINISHED: Final = "/register/finished"
"""Where the page goes to be closed after `SENT`."""
SKIPPED: Final = "/register/skipped"
"""Where the page goes to be closed by 跳过; nothing has been stored."""
NOTICE_VERSION: Final = "2026-11-28"
"""Of the 个人信息处理说明 that the page shows and a consent is given to."""
CODE_SECONDS: Final = 600
VISIT_SECONDS: Final = 3600
"""How long an opened page may be used."""
CERTIFICATE_LIMIT: Final = 8_192
"""Bytes of DER at most."""
RECORDS_LIMIT: Final = 20
"""Submissions kept for one certificate."""

_PHONE = r"^(1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?)$"
_EMAIL = r"^[^\s@<>\"(),:;\[\]\\]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,4}$"


def _each_once(purposes: tuple[Purpose, ...]) -> tuple[Purpose, ...]:
    if len(set(purposes)) != len(purposes):
        raise ValueError("a purpose twice")
    return purposes


class Details(Value):
    """What a person tells, and what for: at least one purpose, else there is no ground to keep anything."""

    contact: Annotated[Line, Field(max_length=40)]
    """联系人."""
    phone: Annotated[str, StringConstraints(pattern=_PHONE)]
    """手机号, or a landline number with its area code."""
    email: Annotated[str, StringConstraints(max_length=254, pattern=_EMAIL)] | None = None
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1, max_length=3), AfterValidator(_each_once)]


class OpeningRequest(Value):
    """POST /v1/registrations/openings: the certificate the page is for. It is public: no 口令 is needed to be asked."""

    certificate: Annotated[Base64Bytes, Field(max_length=CERTIFICATE_LIMIT)]


class Opening(Reply):
    """A code that opens the page once, within `expires_in` seconds."""

    code: Random256
    expires_in: Annotated[int, Field(ge=1, le=3600)]


class Entry(Value):
    """POST /register/visit: the code, exchanged for the cookie of this visit."""

    code: Random256


class Visit(Reply):
    """What the page is for (GET and POST /register/visit)."""

    subject: str
    """The organisation as the certificate names it."""
    notice: str
    """NOTICE_VERSION."""
    submitted: bool
    """The form was received already."""
    operator: str
    """Who answers for what is told (个人信息处理者)."""
    operator_contact: str
    practice: bool
    """Everything here is practice; nobody is really asked."""


class Submission(Details):
    """POST /register/submissions. `key` makes a repetition of the same submission harmless."""

    key: UUID
    notice: Annotated[str, StringConstraints(max_length=20)]
    """The version of the notice that was read."""


class Record(Reply):
    """One submission as it stands now (GET /v1/registrations, with a session of the same certificate)."""

    id: UUID
    contact: str
    phone: str
    email: str | None
    purposes: tuple[Purpose, ...]
    notice: str
    submitted_at: When
    corrected_at: When | None
    keep_until: When
    """Deleted by the service then, if not before."""


class Records(Reply):
    """Everything that is kept for the certificate, the newest first."""

    items: Annotated[tuple[Record, ...], Field(max_length=RECORDS_LIMIT)]
