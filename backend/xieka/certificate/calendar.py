"""A certificate's end as a calendar entry (iCalendar, RFC 5545), for the calendar its holder looks into anyway."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from xieka.certificate.models import CertificateDetail
from xieka.core import messages

ALARM_DAYS = (30, 7)
"""Days before the last day at which the calendar rings, where they still lie ahead."""

_LINE_OCTETS = 75


def entry(certificate: CertificateDetail, now: datetime, zone: tzinfo | None = None) -> bytes:
    """One all-day event on the certificate's last day in `zone` (None: this computer's), with alarms before it.

    The same certificate has the same UID in every file, so that a calendar that is given a second one has one event.
    Holds what the certificate tells everybody, nothing else.
    """
    last_day = certificate.not_after.astimezone(zone).date()
    today = now.astimezone(zone).date()
    title = messages.text("calendar_title", who=certificate.subject)
    note = messages.text("calendar_note", issuer=certificate.issuer, serial=certificate.serial)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//xieka//certificate//ZH",
        "CALSCALE:GREGORIAN",
        "BEGIN:VEVENT",
        f"UID:{certificate.sha256.lower()}@xieka",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{last_day:%Y%m%d}",
        # The end is exclusive (3.6.1).
        f"DTEND;VALUE=DATE:{last_day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(title)}",
        f"DESCRIPTION:{_text(note)}",
        "CLASS:PRIVATE",
        "TRANSP:TRANSPARENT",
    ]
    for days in ALARM_DAYS:
        if last_day - timedelta(days=days) > today:
            lines += [
                "BEGIN:VALARM",
                "ACTION:DISPLAY",
                f"TRIGGER:-P{days}D",
                f"DESCRIPTION:{_text(title)}",
                "END:VALARM",
            ]
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return b"".join(piece + b"\r\n" for line in lines for piece in _folded(line))


def _text(value: str) -> str:
    """A TEXT value (3.3.11): separators escaped, control characters gone; names come from outside."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    escaped = escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(char for char in escaped if unicodedata.category(char) not in ("Cc", "Cs"))


def _folded(line: str) -> Iterator[bytes]:
    """Pieces of at most 75 octets (3.1), each a whole number of characters; all but the first begin with a space."""
    piece = b""
    for char in line:
        octets = char.encode()
        if len(piece) + len(octets) > _LINE_OCTETS:
            yield piece
            piece = b" "
        piece += octets
    yield piece
