"""`xieka certificate registered`: the signing certificates that the operating system knows."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from xieka.cli.output import Output
from xieka.cli.session import app, without_ukeys
from xieka.core import messages

if TYPE_CHECKING:
    from xieka.osstore.models import StoreView


def registered(options: argparse.Namespace, output: Output) -> None:
    """List them, or switch 导入签名证书; off takes away everything we registered (an uninstaller's last call)."""
    with without_ukeys() if options.switch == "off" else app(options) as started:
        store = started.osstore()
        view = store.view() if options.switch is None else store.set(options.switch == "on")
    output.data(view.model_dump(mode="json"), lambda: _text(view))


def _text(view: StoreView) -> str:
    lines = [messages.text("cli_osstore_on" if view.enabled else "cli_osstore_off")]
    if not view.supported:
        lines.append(messages.text("cli_osstore_unsupported"))
    for entry in view.entries:
        present = messages.text("cli_osstore_present" if entry.present else "cli_osstore_away")
        lines += [
            f"{entry.subject}  {entry.serial}  … {entry.not_after.astimezone():%Y-%m-%d}  {present}",
            f"  {entry.label}  {entry.token}",
            f"  {messages.text('cli_osstore_since', since=f'{entry.since.astimezone():%Y-%m-%d %H:%M:%S}')}",
            *(f"  → {path}" for path in entry.places),
        ]
    reasons = messages.names("osstore_reason")
    lines += [f"{one.label}  {one.token}: {reasons[one.reason]}" for one in view.left_out]
    kinds, states = messages.names("osstore_kind"), messages.names("osstore_state")
    for place in view.places:
        lines.append(f"[{states[place.state]}] {kinds[place.kind]}  {place.path}")
        if place.error:
            lines.append(f"  {place.error.what}（{place.error.code}）")
    if view.supported and not view.places:
        lines.append(messages.text("cli_osstore_nowhere"))
    return "\n".join(lines)
