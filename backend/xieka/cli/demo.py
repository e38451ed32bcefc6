"""`xieka demo …`: the practice environment."""

from __future__ import annotations

import argparse
from dataclasses import asdict, astuple
from typing import TYPE_CHECKING

from xieka.cli.output import Output
from xieka.cli.session import open_folders
from xieka.core import messages

if TYPE_CHECKING:
    from xieka_demo import Demo, PinState


def up(options: argparse.Namespace, output: Output) -> None:
    """Build the practice environment if it is not there yet; show its state."""
    import xieka_demo

    _show(xieka_demo.ensure(open_folders()), output)


def status(options: argparse.Namespace, output: Output) -> None:
    """Show the practice Ukeys."""
    _show(_existing(), output)


def plug(options: argparse.Namespace, output: Output) -> None:
    """Plug a practice Ukey in."""
    demo = _existing()
    demo.plug(options.number)
    _show(demo, output)


def unplug(options: argparse.Namespace, output: Output) -> None:
    """Pull a practice Ukey out."""
    demo = _existing()
    demo.unplug(options.number)
    _show(demo, output)


def pin(options: argparse.Namespace, output: Output) -> None:
    """Play a state of the retry counter; `off` lets SoftHSM answer by itself again."""
    demo = _existing()
    state: PinState = options.state
    restart = demo.pin_state(options.number, state)
    _show(demo, output)
    if restart and not output.as_json:
        print(messages.text("demo_restart"))


def expire(options: argparse.Namespace, output: Output) -> None:
    """Issue a practice Ukey's certificates anew so that so many days are left."""
    demo = _existing()
    demo.set_validity(options.number, options.days)
    _show(demo, output)


def revoke(options: argparse.Namespace, output: Output) -> None:
    """Revoke a practice Ukey's certificates."""
    demo = _existing()
    demo.revoke(options.number)
    _show(demo, output)


def reset(options: argparse.Namespace, output: Output) -> None:
    """Put the practice Ukeys back to how they were made."""
    demo = _existing()
    demo.reset()
    _show(demo, output)


def service(options: argparse.Namespace, output: Output) -> None:
    """Start or stop the practice service, or tell whether it runs; a window notices by itself."""
    from xieka_demo.online import PracticeService

    _existing()
    practice = PracticeService(open_folders())
    if options.action == "start":
        practice.prepare()
        practice.start()
    elif options.action == "stop":
        practice.stop()
    running = practice.running()
    output.data(
        {"running": running, "url": practice.url},
        lambda: messages.text("demo_service_on", url=practice.url) if running else messages.text("demo_service_off"),
    )


def sm2(options: argparse.Namespace, output: Output) -> None:
    """Issue SM2 certificates with a seal into a folder, or revoke those in it."""
    from xieka_demo import sm2 as practice

    _existing()
    root, folder = open_folders().practice, options.folder.expanduser().absolute()
    if options.action == "issue":
        files = [str(path) for path in astuple(practice.issue(root, folder))]
        output.data({"files": files}, lambda: messages.text("demo_sm2_issued", path=str(folder)))
    else:
        practice.revoke(root, folder)
        output.data({"revoked": True}, lambda: messages.text("demo_sm2_revoked"))


def remove(options: argparse.Namespace, output: Output) -> None:
    """Delete the practice environment; real Ukeys are not touched."""
    from xieka_demo.online import PracticeService

    demo = _existing()
    PracticeService(open_folders()).stop()
    demo.remove()
    output.data({"removed": True}, lambda: messages.text("demo_removed"))


def _existing() -> Demo:
    # The practice environment is only ever imported when asked for.
    import xieka_demo

    return xieka_demo.existing(open_folders())


def _show(demo: Demo, output: Output) -> None:
    ukeys = demo.status()
    output.data(
        {"tokens": [asdict(ukey) for ukey in ukeys]},
        lambda: "\n".join(
            messages.text(
                "demo_row_in" if ukey.plugged else "demo_row_out",
                n=ukey.number,
                holder=ukey.holder,
                serial=ukey.serial,
            )
            for ukey in ukeys
        ),
    )
