"""The practice service: a real process that starts, answers, stops, and ends with the window it belongs to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.conftest import Practice
from tests.ui.desktop_session import eventually
from xieka.core.errors import XiekaError
from xieka_demo.online import PracticeService
from xieka_service.auth.trust import Folder


@pytest.fixture
def service(practice: Practice) -> PracticeService:
    service = PracticeService(practice.folders)
    service.prepare()
    return service


def test_its_address_stays_and_the_root_of_trust_is_there_before_the_first_start(
    practice: Practice, service: PracticeService
) -> None:
    folder = practice.folders.data / "demo"
    assert PracticeService(practice.folders).url == service.url
    assert json.loads((folder / "endpoint.json").read_text("utf-8")) == {"service": service.url}
    root = folder / "service" / "content" / "metadata" / "1.root.json"
    before = root.read_bytes()
    service.prepare()
    assert root.read_bytes() == before
    assert len(Folder(folder / "service" / "trust").certificates()) == 1


def test_start_stop_and_start_again(service: PracticeService) -> None:
    assert not service.running()
    assert not service.stop()
    ready = []
    service.start(on_ready=lambda: ready.append(service.running()))
    assert ready == [True]
    service.start()
    assert service.stop()
    assert not service.running()


def test_it_ends_with_the_program_it_is_attached_to_however_that_ends(practice: Practice) -> None:
    code = """
        import sys
        from xieka.core import paths
        from xieka_demo.online import PracticeService
        service = PracticeService(paths.folders())
        service.prepare()
        service.start(attached=True)
        print("ready", flush=True)
        sys.stdin.read()
    """
    home = practice.folders.config.parent
    window = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        env={**os.environ, "XIEKA_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with window:
        assert window.stdout is not None
        assert window.stdout.readline() == b"ready\n"
        service = PracticeService(practice.folders)
        assert service.running()
        window.kill()
    eventually(lambda: not service.running(), 12, "the end of the service")


def test_a_start_that_fails_is_told_and_leaves_no_process(practice: Practice, service: PracticeService) -> None:
    database = practice.folders.data / "demo" / "service" / "service.sqlite3"
    database.mkdir()
    with pytest.raises(XiekaError, match="E-DEM-07"):
        service.start()
    assert not service.stop()
    assert Path(practice.folders.log / "practice-service.log").stat().st_size > 0
