"""Somebody who is asked to register: what the client, the page and the signed-in holder ask of the service."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.service.auth import pki
from tests.service.auth.pki import Made
from tests.service.auth.stage import AUDIENCE, Stage
from xieka.contract.registration import NOTICE_VERSION
from xieka_service.registration.guard import COOKIE

CONTACT, PHONE, EMAIL = "王小明甲乙丙", "13812345678", "wang.xiaoming@example.com"
DETAILS: dict[str, Any] = {"contact": CONTACT, "phone": PHONE, "email": EMAIL, "purposes": ["statistics"]}
HEADERS = {"Origin": AUDIENCE, "Content-Type": "application/json"}


@dataclass
class Guest:
    """One holder at a stage's service."""

    stage: Stage
    made: Made

    @classmethod
    def build(cls, data: Path, database_url: str) -> Guest:
        stage = Stage.build(data, database_url)
        return cls(stage, stage.holder)

    def other(self) -> Guest:
        """The holder of another certificate."""
        return Guest(self.stage, self.stage.issuing.issue(pki.holder("上海浦江示例科技有限公司", 51, rsa=True)))

    def opening(self, certificate: bytes | None = None) -> httpx.Response:
        encoded = base64.b64encode(certificate or self.made.der).decode()
        return self.stage.client.post("/v1/registrations/openings", json={"certificate": encoded})

    def code(self) -> str:
        reply = self.opening()
        assert reply.status_code == 201, reply.text
        return str(reply.json()["code"])

    def post(self, path: str, body: Any, cookie: str | None = None, **headers: str) -> httpx.Response:
        """As the page posts; headers may be changed, and are left out when empty."""
        self.stage.client.cookies.clear()
        sent = {name: value for name, value in {**HEADERS, **headers}.items() if value}
        if cookie:
            sent["Cookie"] = f"{COOKIE}={cookie}"
        return self.stage.client.post(path, json=body, headers=sent)

    def enter(self, code: str | None = None, **headers: str) -> httpx.Response:
        return self.post("/register/visit", {"code": code or self.code()}, **headers)

    def visit(self) -> str:
        """The cookie of a new visit."""
        reply = self.enter()
        assert reply.status_code == 200, reply.text
        return str(reply.cookies[COOKIE])

    def look(self, cookie: str) -> httpx.Response:
        self.stage.client.cookies.clear()
        return self.stage.client.get("/register/visit", headers={"Cookie": f"{COOKIE}={cookie}"})

    def submit(
        self, cookie: str | None = None, *, form: dict[str, Any] | None = None, **headers: str
    ) -> httpx.Response:
        given = {**DETAILS, "key": str(uuid.uuid4()), "notice": NOTICE_VERSION, **(form or {})}
        return self.post("/register/submissions", given, self.visit() if cookie is None else cookie, **headers)

    def session(self) -> dict[str, str]:
        """Headers of a session of this certificate."""
        stage = self.stage
        reply = stage.client.post("/v1/auth/sessions", json={"assertion": stage.assertion(self.made)})
        assert reply.status_code == 201, reply.text
        return {"Authorization": f"Bearer {reply.json()['token']}"}

    def records(self) -> list[dict[str, Any]]:
        reply = self.stage.client.get("/v1/registrations", headers=self.session())
        assert reply.status_code == 200, reply.text
        items: list[dict[str, Any]] = reply.json()["items"]
        return items

    def correct(self, record: str, **changes: Any) -> httpx.Response:
        body = {**DETAILS, **changes}
        return self.stage.client.put(f"/v1/registrations/{record}", json=body, headers=self.session())

    def remove(self, record: str) -> httpx.Response:
        return self.stage.client.delete(f"/v1/registrations/{record}", headers=self.session())
