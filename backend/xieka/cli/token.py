"""`xieka token …`"""

from __future__ import annotations

import argparse

from xieka.cli.output import Output
from xieka.cli.pins import pins
from xieka.cli.session import services
from xieka.core import messages
from xieka.core.error_view import ErrorView
from xieka.ukey.models import PinView, Ukey


def show_list(options: argparse.Namespace, output: Output) -> None:
    """List every present Ukey with its certificates and seals."""
    with services(options) as ukeys:
        known = ukeys.state()
    value = {
        "tokens": [token_json(ukey) for ukey in known.tokens],
        "problems": [
            {"driver": p.driver, "driver_name": p.driver_name, **p.error.model_dump()} for p in known.problems
        ],
    }
    output.data(value, lambda: "\n".join(map(_lines, known.tokens)) or messages.text("cli_no_token"))


def verify_pin(options: argparse.Namespace, output: Output) -> None:
    """Check the 口令 from standard input; one attempt."""
    with services(options) as ukeys, pins(1) as (pin,):
        state = ukeys.verify_pin(options.token, pin, last_try=options.last_try)
    output.data({"ok": True, "pin": _pin_json(state)}, lambda: messages.text("cli_pin_right"))


def change_pin(options: argparse.Namespace, output: Output) -> None:
    """Change the 口令: current and new one from standard input; one attempt."""
    with services(options) as ukeys, pins(2) as (old, new):
        state = ukeys.change_pin(options.token, old, new, last_try=options.last_try)
    output.data({"ok": True, "pin": _pin_json(state)}, lambda: messages.text("cli_pin_changed"))


def token_json(ukey: Ukey) -> dict[str, object]:
    """A Ukey for scripts: certificates and seals flat, each with its role or number."""
    value = ukey.model_dump(mode="json", exclude={"certificates", "seals", "pin"})
    value["pin"] = _pin_json(ukey.pin)
    value["certificates"] = [
        {
            "role": entry.role,
            **(entry.summary.model_dump(mode="json") if entry.summary else {"error": _error(entry.error)}),
        }
        for entry in ukey.certificates
    ]
    value["seals"] = [seal_json(ukey, number) for number in range(len(ukey.seals))]
    return value


def seal_json(ukey: Ukey, number: int) -> dict[str, object]:
    """A seal for scripts."""
    entry = ukey.seals[number]
    summary: dict[str, object] = (
        entry.summary.model_dump(mode="json") if entry.summary else {"error": _error(entry.error)}
    )
    return {"number": entry.number, **summary}


def _error(error: ErrorView | None) -> dict[str, str] | None:
    return error.model_dump() if error else None


def _pin_json(pin: PinView) -> dict[str, object]:
    return {"state": pin.state, "remaining": pin.remaining}


def _lines(ukey: Ukey) -> str:
    lines = [f"{ukey.holder}", f"  {ukey.id}  {ukey.driver_name}"]
    for entry in ukey.certificates:
        if entry.summary is None:
            lines.append(f"  ! {entry.error.what if entry.error else ''}")
            continue
        role = messages.text(f"role_{entry.role}") if entry.role else "—"
        until = entry.summary.not_after.astimezone().date()
        lines.append(
            "  " + messages.text("cli_row_certificate", role=role, until=str(until), d=entry.summary.days_left)
        )
    lines += [f"  {messages.text('cli_row_seal', name=s.summary.name)}" for s in ukey.seals if s.summary]
    return "\n".join(lines)
