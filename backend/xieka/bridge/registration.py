"""The methods of 用户注册: the service's page, and what was sent there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from xieka.app import App
from xieka.bridge.attempts import Attempts
from xieka.bridge.models import Params, PinCheck, TokenId
from xieka.bridge.rpc import Method
from xieka.core.errors import XiekaError

if TYPE_CHECKING:
    # Only for the types: their modules are not for the start path.
    from xieka.contract.registration import Record
    from xieka.registration.service import RegistrationService
    from xieka.ukey.models import PinView

_TEXT = 300
"""Characters of a field; what it may hold is the contract's to say."""
RecordId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class Of(Params):
    """One Ukey."""

    token: TokenId


class RecordOf(Params):
    """One submission made for a Ukey's certificate."""

    token: TokenId
    id: RecordId


class Correction(RecordOf):
    """What is to stand in its place."""

    contact: Annotated[str, Field(max_length=_TEXT)]
    phone: Annotated[str, Field(max_length=_TEXT)]
    email: Annotated[str, Field(max_length=_TEXT)] | None
    purposes: Annotated[list[Annotated[str, Field(max_length=_TEXT)]], Field(max_length=10)]


class Opened(BaseModel):
    """Where the page was opened."""

    where: Literal["window", "browser"]


def methods(app: App, attempts: Attempts) -> dict[str, Method]:
    """Every method of 用户注册, bound to the services of this run."""
    page = _Registration(app, attempts)

    def service() -> RegistrationService:
        return app.pages().registration

    return {
        "registration.state": Method(Of, lambda p: service().state(p.token)),
        "registration.open": Method(Of, lambda p: Opened(where=service().open(p.token))),
        "registration.browse": Method(Of, lambda p: Opened(where=service().browse(p.token))),
        "registration.sign_in": Method(PinCheck, page.sign_in),
        "registration.records": Method(Of, lambda p: service().records(p.token)),
        "registration.correct": Method(Correction, page.correct),
        "registration.delete": Method(RecordOf, lambda p: service().delete(p.token, UUID(p.id))),
        "registration.sign_out": Method(Of, lambda p: service().sign_out(p.token)),
    }


class _Registration:
    """The methods that need a line more than a call."""

    def __init__(self, app: App, attempts: Attempts) -> None:
        self._app = app
        self._attempts = attempts

    def sign_in(self, check: PinCheck) -> PinView:
        try:
            self._attempts.begin(check.attempt)
            return self._app.pages().registration.sign_in(check.token, check.pin, last_try=check.last_try)
        finally:
            check.pin.wipe()

    def correct(self, change: Correction) -> Record:
        from xieka.contract.registration import Details

        told = change.model_dump(include={"contact", "phone", "email", "purposes"})
        try:
            details = Details.model_validate(told)
        except ValidationError as invalid:
            # The names alone: the error's own text would quote what was typed.
            fields = sorted({str(error["loc"][0]) for error in invalid.errors()})
            raise XiekaError("E-RPC-03", field=", ".join(fields)) from None
        return self._app.pages().registration.correct(change.token, UUID(change.id), details)
