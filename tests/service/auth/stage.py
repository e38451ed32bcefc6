"""A service in this process with a small world of certificates, and what a client of it does."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.service.auth import pki
from tests.service.auth.pki import Key, Made
from tests.service.client import TestClient
from xieka_service.app import build
from xieka_service.auth import challenges
from xieka_service.config import Config
from xieka_service.context import Context

AUDIENCE = "https://service.example"
TYPE = "xieka-session+jws"


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = pki.NOW) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._now.timestamp()

    def forward(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@dataclass
class Stage:
    """The service, its clock, its authorities: `root` is the anchor, `issuing` lies in intermediates/."""

    client: TestClient
    parts: Context
    clock: SetClock
    root: Made
    issuing: Made
    holder: Made

    @classmethod
    def build(cls, data: Path, database_url: str, audience: str = AUDIENCE, **options: Any) -> Stage:
        root = pki.self_signed(pki.authority("示例根 CA", 1, rsa=True))
        issuing = root.issue(pki.authority("示例 CA", 2, rsa=True, path_length=0))
        named = {"operator": "示例运营者", "operator_contact": "privacy@example.com", **options}
        config = Config(data, database_url, public_url=audience, **named)
        for folder, made in ((config.trust, root), (config.intermediates, issuing)):
            folder.mkdir(parents=True)
            (folder / "一.cer").write_bytes(made.der)
        clock = SetClock()
        parts = Context.open(config, clock)
        # Entered: else every request begins and ends an event loop of its own.
        client = TestClient(build(config, parts), base_url=audience).__enter__()
        return cls(client, parts, clock, root, issuing, issuing.issue(pki.holder(rsa=True)))

    def close(self) -> None:
        self.client.__exit__()
        self.parts.database.close()

    def challenge(self) -> dict[str, Any]:
        reply = self.client.post("/v1/auth/challenges", json={"purpose": "session"})
        assert reply.status_code == 201
        answer: dict[str, Any] = reply.json()
        return answer

    def nonce_for(self, purpose: str) -> str:
        """A nonce the service keeps for a purpose the contract does not name (yet)."""
        with self.parts.database.write() as connection:
            return challenges.issue(connection, purpose, self.clock.now())  # type: ignore[arg-type]

    def claims(self, **changes: Any) -> dict[str, Any]:
        return {"nonce": self.challenge()["nonce"], "aud": self.parts.config.audience, "purpose": "session", **changes}

    def assertion(self, made: Made | None = None, *between: Made | bytes, **changes: Any) -> str:
        """A good answer by `made` (the stage's own holder), with further certificates and other claims."""
        made = made or self.holder
        return jws(made.key, header(made, *between), self.claims(**changes))

    def answer(self, assertion: str) -> tuple[int, str]:
        """Status and problem code (empty: a session)."""
        return self.prove({"assertion": assertion})

    def prove(self, body: Mapping[str, Any]) -> tuple[int, str]:
        """The same for either form of proof."""
        reply = self.client.post("/v1/auth/sessions", json=body)
        return reply.status_code, reply.json().get("code", "")

    def token(self) -> str:
        """A session of the holder."""
        reply = self.client.post("/v1/auth/sessions", json={"assertion": self.assertion()})
        assert reply.status_code == 201, reply.text
        return str(reply.json()["token"])

    def who(self, token: str) -> tuple[int, dict[str, Any]]:
        reply = self.client.get("/v1/auth/session", headers={"Authorization": f"Bearer {token}"})
        return reply.status_code, reply.json()


def header(made: Made, *between: Made | bytes, **changes: Any) -> dict[str, Any]:
    """A JWS header as a client writes it."""
    chain = [made.der, *(one if isinstance(one, bytes) else one.der for one in between)]
    alg = "RS256" if isinstance(made.key, rsa.RSAPrivateKey) else "ES256"
    return {"alg": alg, "typ": TYPE, "x5c": [base64.b64encode(one).decode() for one in chain], **changes}


def jws(key: Key, head: Mapping[str, Any] | bytes, claims: Mapping[str, Any] | bytes) -> str:
    """Compact serialisation (RFC 7515, 7.1); bytes are taken as they are."""
    parts = (part if isinstance(part, bytes) else json.dumps(part).encode() for part in (head, claims))
    signed = ".".join(b64(part) for part in parts)
    return f"{signed}.{b64(sign(key, signed.encode()))}"


def sign(key: Key, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size) + s.to_bytes(size)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
