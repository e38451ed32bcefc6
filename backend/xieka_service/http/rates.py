"""Rate limits in the database: a token bucket per address and per certificate, one statement each."""

from __future__ import annotations

import hmac
import ipaddress
import math
from datetime import datetime, timedelta

from fastapi import Request
from sqlalchemy import BigInteger, Connection, Executable, bindparam, case, delete, select, type_coerce

from xieka_service.config import Rate
from xieka_service.db.schema import insert, microseconds
from xieka_service.http.problems import RATE, Refusal
from xieka_service.http.tables import buckets


class Limiter:
    """Takes tokens. What is limited is stored as HMAC under `key` only."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._statements: dict[str, Executable] = {}

    def take(self, connection: Connection, what: str, rate: Rate, now: datetime) -> None:
        """Take one token of `what` in the caller's transaction. Raises Refusal (429, Retry-After) when there is none.

        The bucket is kept as the one moment it will be full again (generic cell rate algorithm, equal to a token
        bucket): a token moves it by `every`, and it may lie no further ahead than burst - 1 of them before.
        """
        key = hmac.digest(self._key, what.encode(), "sha256")
        edge = now + rate.every * (rate.burst - 1)
        given = {
            "of": key,
            "now": microseconds(now),
            "step": rate.every // timedelta(microseconds=1),
            "edge": microseconds(edge),
        }
        taken = connection.execute(self._statement(connection), given).first()
        if taken is None:
            full = connection.execute(select(buckets.c.full_at).where(buckets.c.key == key)).scalar() or now
            raise Refusal(RATE, retry_after=max(1, math.ceil((full - edge).total_seconds())))

    def _statement(self, connection: Connection) -> Executable:
        # Every request takes a token: building the statement costs more than running it.
        dialect = connection.dialect.name
        if dialect not in self._statements:
            self._statements[dialect] = _taking(connection)
        return self._statements[dialect]


def _taking(connection: Connection) -> Executable:
    now, step, edge = (bindparam(name, type_=BigInteger) for name in ("now", "step", "edge"))
    full_at = type_coerce(buckets.c.full_at, BigInteger)
    return (
        insert(connection, buckets)
        .values(key=bindparam("of"), full_at=type_coerce(now + step, BigInteger))
        .on_conflict_do_update(
            index_elements=[buckets.c.key],
            set_={"full_at": case((full_at > now, full_at), else_=now) + step},
            where=full_at <= edge,
        )
        .returning(buckets.c.key)
    )


def purge(connection: Connection, now: datetime) -> None:
    """Forget the buckets that are full."""
    connection.execute(delete(buckets).where(buckets.c.full_at <= now))


def address(request: Request) -> str:
    """What an address counts as: itself, and for IPv6 the network of 64 bits that one subscriber has."""
    host = request.client.host if request.client else ""
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return "address none"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return f"address {parsed.ipv4_mapped}"
        return f"address {ipaddress.ip_network((int(parsed), 64), strict=False)}"
    return f"address {parsed}"
