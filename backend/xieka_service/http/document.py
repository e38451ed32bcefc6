"""The OpenAPI document: the framework's own, with the problems every request may end in."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from xieka.contract.problem import Problem
from xieka_service.http.problems import EVERYWHERE, documented

_METHODS = frozenset({"get", "put", "post", "delete", "patch"})


def install(app: FastAPI) -> None:
    """Serve the completed document at /openapi.json."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(get_openapi(title=app.title, version=app.version, routes=app.routes))
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema(mode="serialization")
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    common = {str(status): answer for status, answer in documented(*EVERYWHERE).items()}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            if method in _METHODS:
                own = operation["responses"]
                # The framework's own 422 describes an answer this service never gives.
                own.pop("422", None)
                operation["responses"] = {**common, **own}
    return document
