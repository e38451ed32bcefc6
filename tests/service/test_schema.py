"""Generated requests at every path of the OpenAPI document: no 5xx, and no answer the document does not describe."""

from __future__ import annotations

import contextlib
import shutil
import warnings
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from tests.service.auth import pki
from tests.service.auth.stage import SetClock
from xieka_service.app import build
from xieka_service.auth import sessions
from xieka_service.auth.sessions import Holder
from xieka_service.config import Config, Rate, Rates
from xieka_service.context import Context
from xieka_service.registration import visits
from xieka_service.registration.guard import COOKIE

with warnings.catch_warnings():
    # Its own imports use what its dependencies have deprecated.
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

EXAMPLES = [
    pytest.param(3, id="few"),
    pytest.param(100, id="many", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
]
"""A path and kind of request. Generating them costs ten times what answering does: most drafts are thrown away."""
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def parts(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    folder = tmp_path_factory.mktemp("schema")
    much = Rate(1_000_000, timedelta(seconds=1))
    url = f"sqlite:///{shutil.copy(migrated_sqlite, folder / 'service.sqlite3')}"
    (folder / "trust").mkdir()
    (folder / "trust/root.cer").write_bytes(pki.self_signed(pki.authority("示例根 CA", 1)).der)
    opened = Context.open(
        Config(folder, url, rates=Rates(much, much), operator="示例", operator_contact="示例"), SetClock()
    )
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def operations(parts: Context) -> list[Any]:
    """What the document describes, read once: what schemathesis has worked out of it stays with it."""
    schema = schemathesis.openapi.from_asgi("/openapi.json", build(parts.config, parts))
    return [result.ok() for result in schema.get_all_operations()]


@pytest.fixture
def signed_in(parts: Context) -> dict[str, str]:
    """Headers of a client with a session, and of a page with a visit."""
    holder = Holder.of(pki.self_signed(pki.holder()).der, pki.NOW)
    with parts.database.write() as connection:
        opened = sessions.open_session(connection, holder, b"challenge", pki.NOW, pki.NOW + pki.DAY)
        code = visits.prepare(connection, holder.fingerprint, holder.subject, pki.NOW + pki.DAY, pki.NOW)
        visit = visits.exchange(connection, code, pki.NOW)
    return {
        "Authorization": f"Bearer {opened.token}",
        "Cookie": f"{COOKIE}={visit}",
        "Origin": parts.config.origin,
    }


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
@pytest.mark.parametrize(
    "with_session", [pytest.param(False, id="stranger", marks=pytest.mark.long), pytest.param(True, id="signed-in")]
)
def test_no_request_breaks_the_service(
    parts: Context,
    operations: list[Any],
    signed_in: dict[str, str],
    mode: GenerationMode,
    with_session: bool,
    examples: int,
    subtests: pytest.Subtests,
) -> None:
    assert len(operations) >= 20
    for operation in operations:
        if with_session and operation.label == "DELETE /v1/auth/session":
            # It ends the session the others need.
            continue
        with subtests.test(operation.label):
            _try(operation, mode, signed_in if with_session else {}, examples)


def _try(operation: Any, mode: GenerationMode, headers: dict[str, str], examples: int) -> None:
    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, headers=headers)

    # What takes nothing has nothing to be wrong.
    with contextlib.suppress(Unsatisfiable):
        one()
