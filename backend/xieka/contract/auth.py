"""Authentication by the Ukey: challenge → JWS with x5c (RFC 7515), or SM2 signed data → short session."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from xieka.contract.base import Line, Random256, Reply, Value, When

Purpose = Literal["session"]
"""What a challenge may be answered for; a signature made for one purpose is worthless for another."""

ASSERTION_TYPE = {"session": "xieka-session+jws"}
"""Purpose → the JWS header `typ` (RFC 8725 §3.11: explicit typing)."""
ALGORITHMS = ("RS256", "ES256")
"""JWS algorithms (RFC 7518 §3.1). SM2 has no registered name there; its keys sign a message of GB/T 35275."""
MESSAGE_TYPE = {"session": "xieka-session+cms"}
"""Purpose → the name `typ` in the content of a signed message."""
CHALLENGE_SECONDS = 120
SESSION_SECONDS = 1800
ASSERTION_LIMIT = 16_000
"""Longest accepted compact JWS, in characters: five certificates and a signature fit twice."""
MESSAGE_LIMIT = 16_000
"""Longest accepted signed message, in characters of base64."""


class ChallengeRequest(Value):
    """POST /v1/auth/challenges."""

    purpose: Purpose


class Challenge(Reply):
    """What must be signed: `nonce` (256 bit, base64url) once, within `expires_in` seconds, for `audience` only."""

    nonce: Random256
    audience: Line
    purpose: Purpose
    expires_in: Annotated[int, Field(ge=1, le=3600)]


class AssertionClaims(Value):
    """The JWS payload: exactly these three names."""

    nonce: Random256
    aud: str
    purpose: Purpose


class AssertionProof(Value):
    """POST /v1/auth/sessions by RSA and P-256 keys: the compact JWS."""

    assertion: Annotated[str, StringConstraints(min_length=1, max_length=ASSERTION_LIMIT)]


class MessageClaims(AssertionClaims):
    """The content of a signed message, JSON in UTF-8: the claims and what kind of message it is."""

    typ: str


class SignedDataProof(Value):
    """POST /v1/auth/sessions by SM2 keys: signed data of GB/T 35275-2017 (GM/T 0010), DER in base64.

    Exactly as xieka.certificate.signed_data.build writes it: the content is MessageClaims as data; one signer, named by
    issuer and serial number, its certificate among them; SM3, SM2 as 1.2.156.10197.1.301.1 with the default identity;
    contentType and messageDigest the only signed attributes, none unsigned; no lists; DER throughout.
    """

    signed_data: Annotated[str, StringConstraints(min_length=1, max_length=MESSAGE_LIMIT)]


SessionRequest = AssertionProof | SignedDataProof


class Session(Reply):
    """A bearer token (RFC 6750) for the certificate's holder; only its SHA-256 is kept by the service."""

    token: Random256
    expires_at: When
    subject: str
    """The organisation as the certificate names it."""


class SessionState(Reply):
    """GET /v1/auth/session: whom the service takes the bearer for."""

    subject: str
    uscc: str | None
    """统一社会信用代码, where the certificate has it."""
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the certificate."""
    expires_at: When
