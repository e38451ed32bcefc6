from __future__ import annotations

import pytest

from tests.desktop.conftest import Start
from tests.desktop.remote_service import Service, visit
from tests.desktop.test_remote_visits import PAGES
from tests.desktop.test_remote_window import WINDOW

pytestmark = pytest.mark.ui


@pytest.mark.parametrize("how", ["quit", "signal"])
def test_the_end_of_the_program_is_no_end_of_a_visit(how: str, start: Start) -> None:
    service = Service(PAGES)
    program = start()
    program.ready()
    visit(program, service)
    program.event("visiting")
    if how == "quit":
        program.order("quit")
    else:
        program.process.terminate()
    program.event("on_quit")
    assert not program.session.windows(WINDOW)
    assert program.process.wait(5) == 0
    program.no_event("ended", 0.2)
    service.close()
