"""The table of methods the page may call. Each line goes straight to a service."""

from __future__ import annotations

import base64

import xieka
from xieka.app import App
from xieka.bridge import apps, certificates, online, osstore, registration, settings
from xieka.bridge import models as m
from xieka.bridge.attempts import Attempts
from xieka.bridge.papers import Papers
from xieka.bridge.rpc import Method, Rpc
from xieka.bridge.shell import Shell
from xieka.core import messages
from xieka.core.errors import XiekaError
from xieka.ukey.models import PinView

FIRST_READING_SECONDS = 0.6
"""How long a fresh page's snapshot waits for the first reading, so that it need not paint twice."""
FIRST_PROBE_SECONDS = 0.2
"""How long it then still waits for the first probe of the service (REQ-138)."""


def build(app: App, shell: Shell) -> Rpc:
    """Every method, bound to the services of this run."""
    # One memory for all: an attempt is one, whatever it is for.
    attempts = Attempts()
    page = _Page(app, shell, attempts)
    papers = Papers()
    return Rpc(
        _window(shell)
        | online.methods(app)
        | registration.methods(app, attempts)
        | apps.methods(app, shell)
        | osstore.methods(app)
        | settings.methods(app)
        | certificates.methods(app, shell, papers)
        | {
            "app.snapshot": Method(m.Nothing, page.snapshot),
            "app.refresh": Method(m.Nothing, page.refresh),
            "app.about": Method(m.Nothing, page.about),
            "ukey.select": Method(m.Choice, lambda p: app.ukeys.select(p.token, remember=p.remember)),
            "ukey.verify_pin": Method(m.PinCheck, page.verify_pin),
            "ukey.change_pin": Method(m.PinChange, page.change_pin),
            "reminder.dismiss": Method(m.ReminderOf, lambda p: app.reminders.dismiss(p.token)),
            "seal.picture": Method(m.SealOf, page.picture),
            "seal.check": Method(m.SealOf, lambda p: app.ukeys.check_seal(p.token, p.seal)),
            "window.modal": Method(m.Modal, page.modal),
        },
        papers=papers,
    )


def without_app(shell: Shell, error: XiekaError) -> Rpc:
    """The services could not be built: the window's own buttons work, everything else is answered with `error`."""
    return Rpc(_window(shell), error)


def _window(shell: Shell) -> dict[str, Method]:
    return {
        "window.minimize": Method(m.Nothing, lambda _: shell.minimize()),
        "window.to_tray": Method(m.Nothing, lambda _: shell.to_tray()),
        "window.quit": Method(m.Nothing, lambda _: shell.quit()),
    }


class _Page:
    """The methods that need a line more than a call."""

    def __init__(self, app: App, shell: Shell, attempts: Attempts) -> None:
        self._app = app
        self._shell = shell
        self._attempts = attempts

    def snapshot(self, _: m.Nothing) -> m.Snapshot:
        app = self._app
        app.tokens.wait_first(FIRST_READING_SECONDS)
        app.online.wait_first(FIRST_PROBE_SECONDS)
        # The event number first: what happens while the snapshot is made is then told again, not lost.
        event_id = app.bus.last_id
        network = app.online.state()
        settings = app.settings.value
        return m.Snapshot(
            boot=app.bus.boot,
            event_id=event_id,
            profile=m.ProfileView(practice=app.profile.practice),
            host=self._shell.host,
            tray=self._shell.tray,
            appearance=m.Appearance(theme=settings.theme, size=settings.size),
            ukeys=app.ukeys.state(),
            network=m.NetworkState(
                connected=network.connected,
                online=network.online,
                checked_at=network.checked_at,
                reason=network.reason,
            ),
            reminders=app.reminders.shown(),
        )

    def modal(self, modal: m.Modal) -> None:
        self._app.bus.publish("modal", {"open": modal.open, "typing": modal.typing})

    def refresh(self, nothing: m.Nothing) -> m.Snapshot:
        self._app.refresh()
        return self.snapshot(nothing)

    def about(self, _: m.Nothing) -> m.About:
        from xieka.bridge.licences import licences

        profile = self._app.profile
        return m.About(
            name=messages.text("app_name"),
            version=xieka.__version__,
            copyright=profile.copyright,
            note=profile.note,
            licences=licences(),
        )

    def verify_pin(self, check: m.PinCheck) -> PinView:
        try:
            self._attempts.begin(check.attempt)
            return self._app.ukeys.verify_pin(check.token, check.pin, last_try=check.last_try)
        finally:
            check.pin.wipe()

    def change_pin(self, change: m.PinChange) -> PinView:
        try:
            self._attempts.begin(change.attempt)
            return self._app.ukeys.change_pin(change.token, change.old, change.new, last_try=change.last_try)
        finally:
            change.old.wipe()
            change.new.wipe()

    def picture(self, which: m.SealOf) -> m.PngPicture:
        picture = self._app.ukeys.seal_picture(which.token, which.seal)
        return m.PngPicture(base64=base64.b64encode(picture.png).decode(), width=picture.width, height=picture.height)
