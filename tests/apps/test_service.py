from __future__ import annotations

import pytest

from tests.apps.test_library import installed, program
from xieka.apps.installed import Installed
from xieka.apps.platforms import package_for
from xieka.apps.views import newer, program_view
from xieka.content.models import Offer, PackageFile
from xieka.core.clock import SystemClock

NOW = SystemClock().now()
ARCHIVE = {"kind": "archive", "format": "zip", "entry": "x", "unpacked": 1}


@pytest.mark.parametrize(
    ("version", "than", "later"),
    [
        ("1.0", "1.0", False),
        ("1.10", "1.9", True),
        ("1.9", "1.10", False),
        ("2.0", "1.99.99.99", True),
        ("1.0", "1.0.0", False),
        ("1.0.1", "1.0", True),
        ("1.0", "1.0.1", False),
    ],
)
def test_versions_are_compared_as_numbers(version: str, than: str, later: bool) -> None:
    assert newer(version, than) is later


def offer(platform: str = "any", kind: str = "archive", version: str = "1.0") -> Offer:
    install = ARCHIVE if kind == "archive" else {"kind": "builtin", "page": "upgrade"}
    target = "apps/example/report-1.0.zip" if kind == "archive" else None
    package = {"platform": platform, "target": target, "install": install}
    files = {target: PackageFile(1, "0" * 64)} if target else {}
    return Offer(program(version=version, packages=[package]), files, NOW)


@pytest.mark.parametrize(
    ("offered", "here", "tiles", "state", "entry"),
    [
        (offer(), None, (), "available", None),
        (offer(), installed(), ("program:example/report",), "installed", "program:example/report"),
        (offer(version="1.1"), installed(), ("program:example/report",), "update", "program:example/report"),
        (offer(), installed(version="2.0"), (), "installed", None),
        (offer(), installed(publisher="other"), (), "available", None),
        (offer("windows-x86_64"), None, (), "unsupported", None),
        (offer(kind="builtin"), None, (), "available", None),
        (offer(kind="builtin"), None, ("builtin:upgrade",), "installed", "builtin:upgrade"),
    ],
)
def test_a_program_as_it_is_on_this_computer(
    offered: Offer, here: Installed | None, tiles: tuple[str, ...], state: str, entry: str | None
) -> None:
    view = program_view(offered, package_for(offered.program, lambda _: False), here, frozenset(tiles))
    assert (view.state, view.entry) == (state, entry)
