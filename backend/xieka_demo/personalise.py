"""The child process that talks to SoftHSM: `python -m xieka_demo.personalise`.

SoftHSM reads its configuration once per process; a process of its own lets the environment be built in one folder
and used in another, and keeps every heavy library out of the program's start.

    build FOLDER MODULE                   personalise all practice Ukeys of a new environment
    renew FOLDER MODULE SERIAL NUMBER BEGIN END   certify one anew; ISO 8601 instants
    revoke FOLDER MODULE SERIAL           take its certificates back
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError
from xieka_demo.address import service_url
from xieka_demo.child import EXPECTED_FAILURE
from xieka_demo.layout import Layout, Record, write_records
from xieka_demo.people import PEOPLE

_BEIJING = timezone(timedelta(hours=8))


def validity(now: datetime, days_ago: int, days: int) -> tuple[datetime, datetime]:
    """From 00:00:00 Beijing time that many days ago to 23:59:59 of the last of `days` days."""
    today = now.astimezone(_BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    begin = today - timedelta(days=days_ago)
    return begin, begin + timedelta(days=days) - timedelta(seconds=1)


def build(layout: Layout, module: Path) -> None:
    """Create the authority and every Ukey, and write demo.json."""
    from xieka_demo.issue import Issuer
    from xieka_service.ca.embedded import PRACTICE, EmbeddedAuthority

    now = SystemClock().now()
    issuer = Issuer(module, EmbeddedAuthority.create(layout.authority, PRACTICE, now, service_url(layout.root)))
    serials = issuer.new_tokens([person.number for person in PEOPLE])
    # SoftHSM names a token's folder by a UUID that ends with the serial number.
    folders = {entry.name.replace("-", "")[-16:]: entry.name for entry in layout.tokens.iterdir()}
    records = []
    for person, serial in zip(PEOPLE, serials, strict=True):
        issuer.personalise(serial, person, *validity(now, person.issued_days_ago, person.valid_days))
        records.append(Record(person.number, person.subject.name, serial, folders[serial]))
    write_records(layout, module, tuple(records))


def renew(layout: Layout, module: Path, serial: str, number: int, begin: datetime, end: datetime) -> None:
    """Certify the keys of one token anew."""
    from xieka_demo.issue import Issuer
    from xieka_service.ca.embedded import PRACTICE, EmbeddedAuthority

    issuer = Issuer(module, EmbeddedAuthority(layout.authority, PRACTICE, service_url(layout.root)))
    person = next(person for person in PEOPLE if person.number == number)
    issuer.certify(serial, person, begin, end)


def revoke(layout: Layout, module: Path, serial: str) -> None:
    """Take the certificates of one token back."""
    from cryptography import x509

    from xieka_demo.issue import Issuer
    from xieka_service.ca.embedded import PRACTICE, EmbeddedAuthority
    from xieka_service.ca.revoked import Revoked

    revoked = Revoked(layout.revoked)
    for der in Issuer(module, EmbeddedAuthority(layout.authority, PRACTICE)).certificates(serial):
        number = x509.load_der_x509_certificate(der).serial_number
        revoked.add(number, SystemClock().now(), x509.ReasonFlags.key_compromise)


def main(arguments: list[str]) -> None:
    """Run one command. Raises XiekaError; any other failure ends the process with a traceback for the log."""
    command, folder, module, *rest = arguments
    if command == "build":
        build(Layout(Path(folder)), Path(module))
    elif command == "renew":
        serial, number, begin, end = rest
        instants = datetime.fromisoformat(begin), datetime.fromisoformat(end)
        renew(Layout(Path(folder)), Path(module), serial, int(number), *instants)
    elif command == "revoke":
        revoke(Layout(Path(folder)), Path(module), *rest)
    else:
        raise SystemExit(f"unknown command {command}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except XiekaError as error:
        json.dump({"code": error.code, "params": error.params}, sys.stdout)
        sys.exit(EXPECTED_FAILURE)
