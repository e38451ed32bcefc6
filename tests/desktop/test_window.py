from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.conftest import TITLE, Cover, Program, maximised, window_of
from tests.ui.desktop_session import DesktopSession, eventually
from tests.ui.pdf import Pdf

pytestmark = pytest.mark.ui


@pytest.fixture
def shown(program: Program) -> Iterator[Program]:
    """The shared program with its window in front; whatever a test does to it is undone."""
    program.order("show")
    eventually(program.shown)
    yield program
    # A test that failed half-way must not leave its Ukeys to the next one.
    program.order("forget")
    program.order("settings", values={})
    program.order("busy", on=False)


def test_the_window_has_its_title_its_size_and_a_frame(shown: Program, desktop_session: DesktopSession) -> None:
    window = window_of(desktop_session)
    geometry = desktop_session.geometry(window)
    assert (geometry["WIDTH"], geometry["HEIGHT"]) == ("960", "640")
    top = desktop_session.run("xprop", "-id", window, "_NET_FRAME_EXTENTS").split("=")[1].split(",")[2]
    assert int(top) > 10
    assert "minimum size: 880 by 560" in desktop_session.run("xprop", "-id", window, "WM_NORMAL_HINTS")
    assert '"xieka"' in desktop_session.run("xprop", "-id", window, "WM_CLASS")


def test_the_page_minimises_to_the_task_bar(shown: Program, desktop_session: DesktopSession) -> None:
    shown.order("minimize")
    eventually(lambda: desktop_session.state(window_of(desktop_session)) == "Iconic")
    assert shown.state()["on_screen"] is False


def test_the_page_hides_to_the_tray(shown: Program, desktop_session: DesktopSession) -> None:
    shown.order("to_tray")
    eventually(lambda: not desktop_session.windows(TITLE))
    assert desktop_session.state(window_of(desktop_session)) == "Withdrawn"


@pytest.mark.parametrize("before", ["to_tray", "minimize", "maximised", "covered", "minimised then hidden"])
def test_a_plugged_ukey_brings_the_window_to_the_front(
    before: str, shown: Program, desktop_session: DesktopSession, cover: Cover
) -> None:
    match before:
        case "covered":
            cover()
        case "maximised":
            desktop_session.run("wmctrl", "-r", TITLE, "-b", "add,maximized_vert,maximized_horz")
            eventually(lambda: maximised(desktop_session))
            shown.order("to_tray")
            eventually(lambda: not shown.shown())
        case "minimised then hidden":
            shown.order("minimize")
            eventually(lambda: desktop_session.state(window_of(desktop_session)) == "Iconic")
            shown.order("to_tray")
            eventually(lambda: not shown.shown())
        case order:
            shown.order(order)
            eventually(lambda: desktop_session.state(window_of(desktop_session)) != "Normal")
    shown.order("insert", holder="甲")
    eventually(lambda: desktop_session.active_title() == TITLE)
    eventually(lambda: desktop_session.state(window_of(desktop_session)) == "Normal")
    if before == "maximised":
        eventually(lambda: maximised(desktop_session))
        desktop_session.run("wmctrl", "-r", TITLE, "-b", "remove,maximized_vert,maximized_horz")
    shown.order("remove", holder="甲")
    eventually(lambda: not shown.shown())


def test_removal_hides_only_after_the_last_ukey_and_not_while_busy(shown: Program) -> None:
    for holder in ("甲", "乙"):
        shown.order("insert", holder=holder)
    shown.state()
    shown.order("remove", holder="甲")
    shown.state()
    assert shown.state()["on_screen"] is True
    shown.order("busy", on=True)
    shown.state()
    shown.order("remove", holder="乙")
    shown.state()
    assert shown.state()["on_screen"] is True
    shown.order("busy", on=False)
    shown.order("insert", holder="丙")
    shown.state()
    shown.order("remove", holder="丙")
    eventually(lambda: shown.state()["on_screen"] is False)


def test_a_full_screen_program_keeps_the_keyboard(
    shown: Program, desktop_session: DesktopSession, cover: Cover
) -> None:
    shown.order("to_tray")
    eventually(lambda: not shown.shown())
    cover("showFullScreen")
    shown.order("insert", holder="甲")
    eventually(shown.shown)
    assert desktop_session.active_title() == "cover"
    shown.order("remove", holder="甲")


def test_the_save_dialog_speaks_chinese_and_counts_as_busy(
    shown: Program, desktop_session: DesktopSession, tmp_path: Path
) -> None:
    shown.order("insert", holder="甲")
    shown.order("ask-save-path", name="单位_签名_1234.cer")
    (dialog,) = eventually(lambda: desktop_session.windows("保存文件"))
    assert shown.state()["dialog"] is True
    shown.order("remove", holder="甲")
    shown.state()
    assert shown.state()["on_screen"] is True
    target = tmp_path / "out.cer"
    desktop_session.run("xdotool", "windowactivate", "--sync", dialog, "key", "ctrl+a")
    desktop_session.run("xdotool", "type", "--delay", "5", str(target))
    desktop_session.run("xdotool", "key", "Return")
    assert shown.event("path")["path"] == str(target)
    shown.order("ask-save-path", name="x.cer")
    (dialog,) = eventually(lambda: desktop_session.windows("保存文件"))
    desktop_session.run("xdotool", "windowactivate", "--sync", dialog, "key", "Escape")
    assert shown.event("path")["path"] is None


def test_a_file_of_certificates_is_asked_for(shown: Program, desktop_session: DesktopSession, tmp_path: Path) -> None:
    wanted = tmp_path / "new one.p7b"
    wanted.write_bytes(b"x")
    for key, path in ((str(wanted), str(wanted)), (None, None)):
        shown.order("ask-certificate")
        (dialog,) = eventually(lambda: desktop_session.windows("选择证书文件"))
        assert shown.state()["dialog"] is True
        desktop_session.run("xdotool", "windowactivate", "--sync", dialog)
        if key:
            desktop_session.run("xdotool", "key", "ctrl+a")
            desktop_session.run("xdotool", "type", "--delay", "5", key)
        desktop_session.run("xdotool", "key", "Return" if key else "Escape")
        assert shown.event("path")["path"] == path


HOSTILE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>摘要</title>
<link rel="stylesheet" href="AWAY/style"><meta http-equiv="refresh" content="0;url=AWAY/refresh"></head>
<body><h1>证书摘要</h1><img src="AWAY/picture"><iframe src="AWAY/frame"></iframe><object data="AWAY/object"></object>
<form action="AWAY/form"></form><script>document.body.append("脚本"); new Image().src = "AWAY/script";</script>
</body></html>"""


def test_a_document_becomes_a_pdf_and_does_nothing_else(shown: Program) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        away = f"http://127.0.0.1:{listener.getsockname()[1]}"
        shown.order("pdf", html=HOSTILE.replace("AWAY", away))
        document = Pdf(base64.b64decode(shown.event("pdf", 30)["base64"]))
        assert document.pages == 1
        assert set("证书摘要") <= document.characters
        assert not set("脚本") & document.characters
        # Who has connected would be waiting to be taken.
        with pytest.raises(BlockingIOError):
            listener.accept()
