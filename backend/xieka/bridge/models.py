"""What the page may send and what it gets: the pydantic side of frontend/types/rpc.d.ts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from xieka.certificate.models import Role
from xieka.core.secret import Secret
from xieka.reminders.models import Reminder
from xieka.settings.early import Theme
from xieka.settings.models import Size
from xieka.ukey.models import UkeyList

PIN_LIMIT = 256
"""Characters; longer than any PIN a token takes, short enough to be harmless."""


def _secret(value: object) -> Secret:
    if not isinstance(value, str) or len(value) > PIN_LIMIT:
        raise ValueError("not a PIN")
    return Secret(value)


class Params(BaseModel):
    """Parameters of a method: nothing beyond the named fields, no quiet conversions, no values in errors."""

    model_config = ConfigDict(
        extra="forbid", strict=True, hide_input_in_errors=True, arbitrary_types_allowed=True, frozen=True
    )


Pin = Annotated[Secret, PlainValidator(_secret)]
TokenId = Annotated[str, Field(min_length=1, max_length=300)]
Attempt = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{8,64}$")]
"""Made by the page for each confirmation by a person (crypto.randomUUID), the same in every repetition of the call."""


class Nothing(Params):
    """No parameters."""


class Choice(Params):
    """Which Ukey to manage."""

    token: TokenId
    remember: bool | None = None


class PinCheck(Params):
    """One attempt with the 口令; `last_try` says the user confirmed a last attempt."""

    attempt: Attempt
    token: TokenId
    pin: Pin
    last_try: bool = False


class PinChange(Params):
    """One change of the 口令."""

    attempt: Attempt
    token: TokenId
    old: Pin
    new: Pin
    last_try: bool = False


class ReminderOf(Params):
    """What is said about one Ukey's certificates."""

    token: TokenId


class CertificateOf(Params):
    """One certificate of one Ukey."""

    token: TokenId
    role: Annotated[Role, Field(strict=False)]


class TrustOf(CertificateOf):
    """As above; `fresh`: the authority is asked again even where its last answer still counts."""

    fresh: bool = False


class SealOf(Params):
    """One seal of one Ukey."""

    token: TokenId
    seal: Annotated[int, Field(ge=0, le=1000)]


class Modal(Params):
    """Whether the page shows a dialog, and whether a 口令 may be being typed."""

    open: bool
    typing: bool = False


class Appearance(BaseModel):
    """How the page looks."""

    theme: Theme
    size: Size


class NetworkState(BaseModel):
    """As content.online.OnlineState."""

    connected: bool
    online: bool
    checked_at: datetime
    reason: str | None


class ProfileView(BaseModel):
    """The operator profile as the page needs it."""

    practice: bool


class Snapshot(BaseModel):
    """Everything a fresh page starts from; events newer than `event_id` of this `boot` bring it up to date."""

    boot: str
    event_id: int
    profile: ProfileView
    host: Literal["window", "browser"]
    tray: bool
    appearance: Appearance
    ukeys: UkeyList
    network: NetworkState
    reminders: list[Reminder]


class Licence(BaseModel):
    """One bundled component."""

    name: str
    version: str
    licence: str


class About(BaseModel):
    """What 关于 shows."""

    name: str
    version: str
    copyright: str
    note: str
    licences: list[Licence]


class Exported(BaseModel):
    """Where an export went; `path` None: the user cancelled."""

    path: str | None
    name: str


class File(BaseModel):
    """A small file for the browser host."""

    name: str
    base64: str


class PngPicture(BaseModel):
    """A picture for the page; width and height in pixels."""

    base64: str
    width: int
    height: int
