"""Every refusal is a problem with a stable code, and tells nothing of what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tests.service.auth.stage import SetClock
from tests.service.client import TestClient
from xieka.contract.problem import MEDIA_TYPE, Problem
from xieka_service.app import build
from xieka_service.config import Config
from xieka_service.context import Context
from xieka_service.db.engine import Database

CANARY = "王小明13800138000"


@pytest.fixture
def client(sqlite_url: str, tmp_path: Path) -> Iterator[TestClient]:
    config = Config(tmp_path, sqlite_url, public_url="https://service.example")
    parts = Context.open(config, SetClock())
    app = build(config, parts)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError(CANARY)

    @app.get("/away")
    def away() -> None:
        raise OperationalError(CANARY, {}, Exception(CANARY))

    @app.get("/waiting")
    def waiting() -> None:
        raise PoolTimeoutError(CANARY)

    with TestClient(app, base_url="https://service.example") as client:
        yield client
    parts.database.close()


JSON = {"content-type": "application/json"}
REFUSALS = [
    pytest.param("GET", f"/{CANARY}", {}, 404, "request.not_found", id="nothing-there"),
    pytest.param("PATCH", "/v1/auth/session", {}, 405, "request.method", id="other-method"),
    pytest.param("POST", "/v1/auth/challenges", {"json": {CANARY: CANARY}}, 422, "request.invalid", id="unknown-name"),
    pytest.param("POST", "/v1/auth/challenges", {"content": f'{{"{CANARY}', "headers": JSON}, 422, "request.invalid",
                 id="half-a-json"),
    pytest.param("POST", "/v1/auth/challenges", {"content": b"\xff\xfe", "headers": JSON}, 422, "request.invalid",
                 id="not-even-text"),
    pytest.param("POST", "/v1/auth/challenges", {"content": "[" * 30_000, "headers": JSON}, 400, "request.malformed",
                 id="deeply-nested"),
    pytest.param("POST", "/v1/auth/challenges", {"content": b"x" * 65_537}, 413, "request.too_long", id="too-long"),
    pytest.param("GET", "/broken", {}, 500, "service.error", id="broken"),
    pytest.param("GET", "/away", {}, 503, "service.database", id="database-away"),
    pytest.param("GET", "/waiting", {}, 503, "service.database", id="no-connection-free"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "options", "status", "code"), REFUSALS)
def test_a_refusal_is_a_problem(
    client: TestClient, method: str, path: str, options: dict[str, Any], status: int, code: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    caplog.set_level("DEBUG")
    reply = client.request(method, path, **options)
    assert reply.status_code == status
    assert reply.headers["content-type"] == MEDIA_TYPE
    problem = Problem.model_validate_json(reply.content)
    assert (problem.code, problem.status) == (code, status)
    assert problem.request_id == reply.headers["x-request-id"]
    assert CANARY not in reply.text
    assert CANARY not in caplog.text
    if status == 503:
        assert reply.headers["retry-after"] == "5"


def test_a_body_of_exactly_the_limit_is_read(client: TestClient) -> None:
    assert client.post("/v1/auth/challenges", content=b"x" * 65_536).status_code == 422


def test_a_streamed_body_is_cut_at_the_limit(client: TestClient) -> None:
    sent = 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 1
            yield b"x" * 1000

    assert client.post("/v1/auth/challenges", content=parts()).status_code == 413


def test_every_answer_has_the_safe_headers(client: TestClient) -> None:
    for path in ("/v1/health/live", "/nothing", "/broken"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["strict-transport-security"] == "max-age=31536000"
        assert len(headers["x-request-id"]) == 16


def test_live_does_not_ask_the_database(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_self: Database) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(Database, "read", away)
    monkeypatch.setattr(Database, "write", away)
    assert client.get("/v1/health/live").json() == {"status": "ok"}
    reply = client.get("/v1/health/ready")
    assert (reply.status_code, reply.json()["code"]) == (503, "service.not_ready")
    assert reply.json()["detail"] == "database, trust anchors"


def test_the_document_lists_every_problem(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert document["components"]["schemas"]["Problem"]["properties"]["code"]
    assert "HTTPValidationError" not in str(document)
    answers = document["paths"]["/v1/auth/sessions"]["post"]["responses"]
    assert set(answers) == {"201", "400", "401", "404", "405", "408", "413", "422", "429", "500", "503"}
    assert MEDIA_TYPE in answers["422"]["content"]
    for code in ("auth.challenge", "auth.assertion", "auth.certificate_dates"):
        assert code in answers["401"]["description"]
    assert "session" in document["components"]["securitySchemes"]
