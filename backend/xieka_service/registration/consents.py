"""The record of consents: each one given or withdrawn is one more row, for ever; none says whose it was.

After a record is deleted, its consents remain with their withdrawal as the evidence that there was a ground (PIPL,
Art. 13 to 15). They hold the number of a record that no longer exists, and nothing of what it said.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select

from xieka.contract.registration import NOTICE_VERSION, Purpose
from xieka_service.http.problems import Refusal
from xieka_service.registration.refusals import NOTICE
from xieka_service.registration.tables import consents


def change(connection: Connection, record: str, purposes: Iterable[Purpose], notice: str, now: datetime) -> None:
    """Add what makes `purposes` those that are consented to. The caller holds the record's lock.

    `notice`: the version that was read. Raises Refusal (registration.notice) when something is consented to anew and
    it is not the one in force; to withdraw needs no reading.
    """
    wanted, number = set(purposes), 0
    standing: set[Purpose] = set()
    rows = select(consents).where(consents.c.registration == record).order_by(consents.c.number)
    for row in connection.execute(rows):
        number = row.number
        (standing.add if row.given else standing.discard)(row.purpose)
    if wanted - standing:
        _check_notice(notice)
    for purpose in sorted(wanted ^ standing):
        number += 1
        connection.execute(
            insert(consents).values(
                registration=record, number=number, purpose=purpose, given=purpose in wanted, notice=notice, at=now
            )
        )


def _check_notice(version: str) -> None:
    if version != NOTICE_VERSION:
        raise Refusal(NOTICE)
