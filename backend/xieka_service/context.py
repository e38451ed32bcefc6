"""What every room of the service is given."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from xieka.core.clock import Clock
from xieka_service.auth.trust import Trust
from xieka_service.ca.own import OwnAuthorities
from xieka_service.config import Config
from xieka_service.db.engine import Database
from xieka_service.http.rates import Limiter
from xieka_service.keys import secret


@dataclass(frozen=True, slots=True)
class Context:
    """One process's parts; made by `open`."""

    config: Config
    clock: Clock
    database: Database
    limiter: Limiter
    trust: Trust

    @classmethod
    def open(cls, config: Config, clock: Clock) -> Context:
        """The parts `config` asks for. Raises OSError, ValueError (a wrong URL or key file)."""
        return cls(
            config=config,
            clock=clock,
            database=Database(config.database_url),
            limiter=Limiter(secret(config.keys / "limits.key")),
            trust=Trust(config.trust, config.intermediates, OwnAuthorities(config.data)),
        )


def of(request: Request) -> Context:
    """The context of the app that answers this request; also usable as `Depends(context.of)`."""
    context: Context = request.app.state.context
    return context
