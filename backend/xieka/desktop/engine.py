"""What the window's browser engine (Qt WebEngine, Chromium inside) is told through the environment, and why.

Measured on Debian 12, 2 cores, no graphics card (medians): without these settings 0.48 s to first paint and 308 MB
(PSS); with the software path 0.42 s and 231 MB. Fewer features, one renderer or no spare renderer changed nothing
measurable and are not set.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

CDP_VARIABLE = "XIEKA_TEST_CDP_PORT"


@dataclass(frozen=True, slots=True)
class Machine:
    """The facts the settings depend on; a test gives a folder that looks like another computer."""

    root: Path = Path("/")
    uid: int = -1

    def text(self, path: str) -> str:
        """A small file of /proc, or nothing where the kernel does not have it."""
        try:
            return (self.root / path).read_text(encoding="ascii", errors="replace").strip()
        except OSError:
            return ""

    def no_sandbox_because(self) -> str | None:
        """Why Chromium's sandbox cannot work here, or None when it can.

        It needs unprivileged user namespaces; Chromium itself refuses root. Without this check the window would
        die at once ("No usable sandbox").
        """
        if self.uid == 0:
            return "running as root"
        if self.text("proc/sys/user/max_user_namespaces") == "0":
            return "user namespaces are switched off (user.max_user_namespaces=0)"
        if self.text("proc/sys/kernel/unprivileged_userns_clone") == "0":
            return "unprivileged user namespaces are switched off (kernel.unprivileged_userns_clone=0)"
        restricted = self.text("proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1"
        # A package that brings an AppArmor profile with `userns` runs under that profile's name instead.
        if restricted and self.text("proc/self/attr/current") in ("", "unconfined"):
            return "AppArmor restricts unprivileged user namespaces and no profile allows them for this program"
        return None

    def has_graphics_card(self) -> bool:
        """Whether a render node is there and usable."""
        return any(os.access(node, os.R_OK | os.W_OK) for node in (self.root / "dev/dri").glob("renderD*"))


def settings(
    machine: Machine, environment: Mapping[str, str], *, checkout: bool
) -> tuple[dict[str, str | None], list[str]]:
    """(variables to set, or with None to remove; remarks for the log) for Qt on Linux.

    Variables that open a debugging port or change Chromium's switches are never taken over from the caller's
    environment: they are set here or removed (Qt takes even an empty one for a yes). `checkout` is False in an
    installed program, where no debugging port can be opened at all.
    """
    flags = [
        # Chromium's own chatter about missing buses and drivers means nothing to a user at a terminal.
        "--log-level=3",
        # A page from elsewhere (registration) reaches this computer and its network neither by WebRTC, which no request
        # interceptor sees, nor by a request. Our own page is of this computer, which the checks leave alone.
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--enable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebRTC",
    ]
    remarks: list[str] = []
    variables: dict[str, str | None] = {"QTWEBENGINE_REMOTE_DEBUGGING": None, "QTWEBENGINE_DISABLE_SANDBOX": None}
    if "QT_LOGGING_RULES" not in environment:
        variables["QT_LOGGING_RULES"] = "*.debug=false;*.info=false;*.warning=false"
    if reason := machine.no_sandbox_because():
        variables["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
        remarks.append(f"web engine sandbox off: {reason}")
    if not machine.has_graphics_card():
        # Qt Quick and Chromium would both start Mesa's software OpenGL to draw plain rectangles and text.
        variables["QT_QUICK_BACKEND"] = "software"
        variables["QT_XCB_GL_INTEGRATION"] = "none"
        flags.append("--disable-gpu")
        remarks.append("no usable graphics card: drawing in software")
    port = environment.get(CDP_VARIABLE, "")
    if port.isdecimal():
        if checkout:
            variables["QTWEBENGINE_REMOTE_DEBUGGING"] = f"127.0.0.1:{port}"
            remarks.append(f"TEST BUILD: debugging port {port} is open on the loopback interface")
        else:
            remarks.append(f"{CDP_VARIABLE} is ignored in an installed program")
    variables["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(flags)
    return variables, remarks


def apply(variables: Mapping[str, str | None], environment: MutableMapping[str, str]) -> None:
    """Set and remove the variables."""
    for name, value in variables.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value


def this_machine() -> Machine:
    """The computer we run on."""
    return Machine(uid=os.getuid() if sys.platform != "win32" else -1)
