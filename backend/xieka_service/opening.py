"""Opens the parts for a command, and tells an operator in words why it cannot."""

from __future__ import annotations

import time
from argparse import Namespace
from dataclasses import fields

from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError
from xieka.core.log import report
from xieka_service.config import Config
from xieka_service.context import Context
from xieka_service.db import migrate

_TRIES = 3


def config(options: Namespace) -> Config:
    """The options as a configuration."""
    known = {field.name for field in fields(Config)}
    given = {name: value for name, value in vars(options).items() if name in known}
    return Config(**{**given, "data": options.data.expanduser().absolute()})


def parts(config: Config) -> Context:
    """The parts, with a database of this program's version. Raises XiekaError E-SRV-01, E-SRV-02, E-SRV-04."""
    opened = open_only(config)
    migrated(opened)
    return opened


def open_only(config: Config) -> Context:
    """The parts; the database is not asked yet. Raises XiekaError E-SRV-01, E-SRV-04."""
    try:
        config.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Context.open(config, SystemClock())
    except OSError as error:
        raise XiekaError("E-SRV-04", path=str(config.data)) from error
    except (ValueError, ArgumentError) as error:
        raise XiekaError("E-SRV-01", reference=report(error, "opening the database")) from error


def migrated(opened: Context) -> bool:
    """Bring the database up to date. Returns whether anything was to be done. Raises XiekaError E-SRV-01, E-SRV-02."""
    for attempt in range(1, _TRIES + 1):
        try:
            return migrate.migrate(opened.database)
        except migrate.NewerDatabaseError as error:
            raise XiekaError("E-SRV-02", found=error.found, known=migrate.newest()) from error
        except SQLAlchemyError as error:
            # Database and service often start together.
            if attempt == _TRIES:
                raise XiekaError("E-SRV-01", reference=report(error, "opening the database")) from error
            time.sleep(0.5 * attempt)
    raise AssertionError
