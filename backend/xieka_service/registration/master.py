"""The key under which the data keys of all records are encrypted: keys/registration.key."""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, select

from xieka_service.http.problems import Refusal
from xieka_service.keys import secret
from xieka_service.registration.refusals import KEY
from xieka_service.registration.tables import keys

log = logging.getLogger(__name__)


def master(folder: Path, connection: Connection) -> bytes:
    """The key, made for the first record. Raises Refusal (registration.key), OSError.

    None is made while there are records: a second key would hide that theirs is missing.
    """
    path = folder / "registration.key"
    _check_not_lost(path, connection)
    try:
        return secret(path)
    except ValueError as other:
        log.error("%s is not a key", path.name)
        raise Refusal(KEY) from other


def _check_not_lost(path: Path, connection: Connection) -> None:
    if not path.exists() and connection.execute(select(keys.c.registration).limit(1)).first() is not None:
        log.error("%s is missing: the registrations cannot be read until it is put back", path.name)
        raise Refusal(KEY)
