"""What the service is asked: a code for the page, and what it keeps, with a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel

from xieka.contract.registration import Details, Opening, OpeningRequest, Record, Records
from xieka.core.errors import XiekaError
from xieka.core.http_errors import RefusedError
from xieka.ukey.sign_in import told

if TYPE_CHECKING:
    from xieka.core.http import Http
    from xieka.core.http_reply import Reply

_PATH: Final = "/v1/registrations"
_LIMIT: Final = 64 * 1024
"""Bytes of an answer."""
M = TypeVar("M", bound=BaseModel)


class RegistrationApi:
    """The service at `url`. Every method raises XiekaError E-NET-… when it cannot be asked or refuses."""

    def __init__(self, http: Http, url: str) -> None:
        self._http = http
        self._url = url.rstrip("/")

    def open_page(self, certificate: bytes) -> Opening:
        """A code for the page. Raises XiekaError E-AUT-02 when the service does not take this certificate (DER)."""
        request = OpeningRequest.model_construct(certificate=certificate)
        try:
            return self._ask("POST", "/openings", Opening, body=request.model_dump(mode="json"))
        except RefusedError as refused:
            raise told(refused) from refused

    def records(self, bearer: str) -> Records:
        """Everything kept for the session's certificate. Raises XiekaError E-REG-03 when the session is over."""
        return self._ask("GET", "", Records, bearer=bearer)

    def correct(self, bearer: str, record: UUID, details: Details) -> Record:
        """Put `details` in the record's place.

        Raises XiekaError E-REG-03, E-REG-05 (there is no such record), E-REG-07 (a new purpose needs the new notice).
        """
        return self._ask("PUT", f"/{record}", Record, bearer=bearer, body=details.model_dump(mode="json"))

    def delete(self, bearer: str, record: UUID) -> None:
        """Delete the record for good; one that is gone is no error. Raises XiekaError E-REG-03."""
        try:
            self._send("DELETE", f"/{record}", bearer=bearer)
        except XiekaError as error:
            if error.code != "E-REG-05":
                raise

    def _ask(self, method: str, path: str, model: type[M], *, body: object = None, bearer: str | None = None) -> M:
        return self._send(method, path, body=body, bearer=bearer).parsed(model)

    def _send(self, method: str, path: str, *, body: object = None, bearer: str | None = None) -> Reply:
        try:
            return self._http.send(method, self._url + _PATH + path, body=body, bearer=bearer, limit=_LIMIT)
        except RefusedError as refused:
            if refused.problem == "auth.session":
                raise XiekaError("E-REG-03") from refused
            if refused.problem == "registration.notice":
                raise XiekaError("E-REG-07") from refused
            if refused.status == 404 and bearer is not None:
                raise XiekaError("E-REG-05") from refused
            raise
