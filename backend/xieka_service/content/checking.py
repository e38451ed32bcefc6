"""The editor's folder as a whole: everything in it, checked."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xieka.contract.content import JSON_LIMIT
from xieka.core.clock import SystemClock
from xieka_service.content.edition import Content
from xieka_service.content.publishers.reading import FOLDER, read_releases
from xieka_service.content.source.articles import read_announcements, read_faq
from xieka_service.content.source.forms import Ids
from xieka_service.content.source.links import read_catalog, read_hall
from xieka_service.content.source.mistakes import Report
from xieka_service.content.source.pictures import read_pictures
from xieka_service.content.source.places import read_client, read_contact, read_outlets
from xieka_service.content.source.reading import strays

_FILES = ("hall.toml", "catalog.toml", "outlets.toml", "contact.toml", "pictures.toml", "client.toml", "README.md")
_FOLDERS = ("announcements", "faq", "pictures", FOLDER)


def check(source: Path, now: datetime | None = None) -> Content:
    """The folder's content. Raises SourceErrors with every mistake there is, by file and line.

    `now` (the system's clock) decides which dates are in the future.
    """
    now = now or SystemClock().now()
    report = Report()
    if not source.is_dir():
        report.add(source.name, 0, "folder_missing")
        report.finish()
    strays(source, (*_FILES, *_FOLDERS), report)
    links = Ids()
    announcements = read_announcements(source, report, now)
    hall = read_hall(source, report, now, links)
    releases = read_releases(source, report, now)
    programs = {program.full_name for release in releases for program in release.programs}
    catalog = read_catalog(source, report, now, links, programs)
    outlets = read_outlets(source, report, now)
    contact = read_contact(source, report, now)
    faq = read_faq(source, report)
    pictures, images = read_pictures(source, report)
    client = read_client(source, report)
    report.finish()
    # What is None has reported why.
    assert announcements and catalog and hall and outlets and contact and faq and pictures and client  # noqa: PT018, S101
    content = Content(announcements, catalog, hall, outlets, contact, faq, pictures, client, images, releases)
    for name, data in content.targets().items():
        if name not in images and len(data) > JSON_LIMIT:
            report.add(name, 0, "target_long", size=len(data) // 1000, limit=JSON_LIMIT // 1000)
    report.finish()
    return content
