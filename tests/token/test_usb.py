from __future__ import annotations

import socket
import sys
import threading

import pytest

from tests.token.conftest import until
from xieka.token.usb import NetlinkUsbHints, parse_uevent, system_usb_hints


def uevent(action: str, subsystem: str = "usb", kind: str = "usb_device") -> bytes:
    path = "/devices/pci0000:00/0000:00:14.0/usb1/1-2"
    fields = [f"ACTION={action}", f"DEVPATH={path}", f"SUBSYSTEM={subsystem}", f"DEVTYPE={kind}", "SEQNUM=4711"]
    return "\0".join([f"{action}@{path}", *fields, ""]).encode()


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        pytest.param(uevent("add"), True, id="device added"),
        pytest.param(uevent("remove"), False, id="device removed"),
        pytest.param(uevent("bind"), None, id="driver bound"),
        pytest.param(uevent("add", kind="usb_interface"), None, id="interface"),
        pytest.param(uevent("add", subsystem="block", kind="disk"), None, id="disk"),
        pytest.param(b"", None, id="empty"),
        pytest.param(b"libudev\0\xfe\xed\xca\xfe\0\0\0(", None, id="udev's own format"),
        pytest.param(b"ACTION=add\0ACTION", None, id="cut off"),
    ],
)
def test_parse(message: bytes, meaning: bool | None) -> None:
    assert parse_uevent(message) is meaning


@pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux")
def test_real_socket_opens_without_privileges_and_closes() -> None:
    hints = system_usb_hints()
    assert isinstance(hints, NetlinkUsbHints)
    before = threading.active_count()
    hints.start(lambda arrived: None)
    assert threading.active_count() == before + 1
    hints.close()
    assert threading.active_count() == before


@pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux")
def test_messages_that_are_not_the_kernel_s_are_ignored() -> None:
    messages = [(uevent("add"), (4711, 1)), (uevent("remove"), (0, 1))]
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)

    class Events(socket.socket):
        """Readable when the other end sends; what it reads comes with a sender's address, as from netlink."""

        def recvfrom(self, *args: object) -> tuple[bytes, tuple[int, int]]:  # type: ignore[override]
            self.recv(8192)
            return messages.pop(0)

    hints = NetlinkUsbHints()
    heard: list[bool] = []
    loop = threading.Thread(target=hints._run, args=(Events(fileno=ours.detach()), heard.append))
    loop.start()
    theirs.send(b"x")
    theirs.send(b"x")
    until(lambda: heard)
    hints.close()
    loop.join(1)
    theirs.close()
    assert not loop.is_alive()
    assert messages == []
    assert heard == [False]
