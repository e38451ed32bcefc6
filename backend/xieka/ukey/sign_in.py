"""Signing in to the service with a Ukey: challenge → proof signed by the Ukey's key (ukey.proof) → bearer.

The order spares the 口令: it is presented only when the service has answered, and once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import BaseModel

from xieka.contract.auth import AssertionClaims, Challenge, Session
from xieka.core.errors import XiekaError
from xieka.core.http_errors import RefusedError
from xieka.ukey.proof import form

if TYPE_CHECKING:
    from xieka.core.http import Http

_LIMIT: Final = 8_192
"""Bytes of an answer."""

Sign = Callable[[bytes], bytes]
"""Signs with the certificate's key as `TokenService.sign` does; presents the 口令."""
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Bearer:
    """Opens the service for the holder of one certificate."""

    token: str = field(repr=False)
    fingerprint: bytes
    """SHA-256 of the certificate."""


class SignIn:
    """`url`: the service; it is also the only audience a signature is made for."""

    def __init__(self, http: Http, url: str) -> None:
        self._http = http
        self._url = url.rstrip("/")

    def open(self, certificate: bytes, sign: Sign) -> Bearer:
        """A session for the holder of `certificate` (DER).

        Raises XiekaError: E-SIG-04 and E-NET-… and E-AUT-01 (the challenge is not this service's) before anything is
        signed; what `sign` raises, and E-SIG-07 when it gave no signature; after it E-AUT-02 (the service does not take
        this certificate), E-AUT-03 (nor this signature) and E-NET-….
        """
        prepare = form(certificate)
        challenge = self._ask("/v1/auth/challenges", {"purpose": "session"}, Challenge)
        if challenge.audience != self._url or challenge.purpose != "session":
            # Whoever relays another service's challenge would be signed in there.
            raise XiekaError("E-AUT-01")
        proof = prepare(AssertionClaims(nonce=challenge.nonce, aud=self._url, purpose="session"))
        signature = sign(proof.to_sign)
        try:
            body = proof.signed(signature)
        except ValueError as none:
            raise XiekaError("E-SIG-07") from none
        try:
            answer = self._ask("/v1/auth/sessions", body, Session)
        except RefusedError as refused:
            raise told(refused) from refused
        return Bearer(answer.token, sha256(certificate).digest())

    def close(self, bearer: Bearer) -> None:
        """End the session. Raises XiekaError E-NET-…; it then ends by its time."""
        self._http.send("DELETE", f"{self._url}/v1/auth/session", limit=_LIMIT, bearer=bearer.token)

    def _ask(self, path: str, body: object, model: type[M]) -> M:
        return self._http.send("POST", self._url + path, body=body, limit=_LIMIT).parsed(model)


def told(refused: RefusedError) -> XiekaError:
    """What people are told when the service does not take a certificate (E-AUT-02) or a signature (E-AUT-03)."""
    if refused.problem.startswith("auth.certificate_"):
        return XiekaError("E-AUT-02", detail=refused.problem)
    return XiekaError("E-AUT-03", detail=refused.problem) if refused.problem.startswith("auth.") else refused
