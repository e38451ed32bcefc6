"""GET /v1/health/live and /v1/health/ready."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from sqlalchemy.exc import SQLAlchemyError

from xieka.contract.base import Reply
from xieka_service import context
from xieka_service.context import Context
from xieka_service.db import migrate
from xieka_service.http.problems import Kind, Refusal, documented

NOT_READY = Kind("service.not_ready", 503, "The service cannot work yet.")

router = APIRouter(prefix="/v1/health", tags=["health"])


class Health(Reply):
    """All is well; everything else is a problem."""

    status: Literal["ok"] = "ok"


@router.get("/live")
async def live() -> Health:
    """The process answers. Asks nothing else, so that it stays true when the database is away."""
    return Health()


@router.get("/ready", responses=documented(NOT_READY))
def ready(parts: Annotated[Context, Depends(context.of)]) -> Health:
    """Database, its version and trust anchors are there; `detail` names what is not."""
    missing = []
    try:
        if not migrate.is_current(parts.database):
            missing.append("migrations")
    except SQLAlchemyError:
        missing.append("database")
    if not parts.trust.anchors.certificates():
        missing.append("trust anchors")
    if missing:
        raise Refusal(NOT_READY, detail=", ".join(missing), retry_after=5)
    return Health()
