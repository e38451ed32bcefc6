"""The face of the practice environment. Light to import: it runs at every start of the program in practice."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from xieka.core.clock import Clock, SystemClock
from xieka.core.errors import XiekaError
from xieka.core.log import report
from xieka.core.paths import Folders
from xieka_demo import components, faults
from xieka_demo.faults import PinState
from xieka_demo.layout import Layout, Record, read_records, settle, softhsm_conf, write_records

FEWEST_DAYS, MOST_DAYS = -300, 1500
"""Limits of `Demo.set_validity`: the practice authority's own certificates must cover the result."""

_LEFTOVER_AGE = 600.0
# SoftHSM takes the rest of a line of its configuration for a comment, or for the next line.
_NOT_IN_CONF = frozenset("#\n\r")
# Added to whole days, so that the number stays true for half a day.
_MARGIN = timedelta(hours=12)
_LIFE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class DemoUkey:
    """One practice Ukey as it is now."""

    number: int
    holder: str
    serial: str
    plugged: bool
    pin: PinState
    """The state of the 口令 being played; `off` when SoftHSM answers by itself."""


def ensure(folders: Folders) -> Demo:
    """The practice environment in the user's data folder, built when it is missing; quick when it is there.

    It is built in a temporary folder and renamed, so a broken attempt leaves nothing. Raises XiekaError E-DEM-03
    (SoftHSM or the font is missing), E-DEM-04, and E-DEM-06 (SoftHSM cannot use this folder's name).
    """
    layout = Layout(folders.practice)
    try:
        if read_records(layout) is None:
            _build(layout)
        return Demo(layout)
    except OSError as error:
        report(error, "the practice environment")
        raise XiekaError("E-DEM-04", detail=f"OS-{error.errno}") from error


def existing(folders: Folders) -> Demo:
    """The practice environment if it has been built. Raises XiekaError E-DEM-01."""
    layout = Layout(folders.practice)
    if read_records(layout) is None:
        raise XiekaError("E-DEM-01")
    return ensure(folders)


class Demo:
    """Plugs, unplugs and changes practice Ukeys. Numbers are those of `status`; a wrong one is E-DEM-02."""

    def __init__(self, layout: Layout) -> None:
        """Open a built environment. Raises XiekaError E-DEM-01, E-DEM-03 and OSError."""
        known = read_records(layout)
        if known is None:
            raise XiekaError("E-DEM-01")
        self._layout = layout
        self._module, self._records = known
        if not self._module.is_file():
            self._module = components.softhsm()
            write_records(layout, self._module, self._records)
        self._settle()

    @property
    def drivers(self) -> Path:
        """The folder with the driver manifest, for `load_drivers`."""
        return self._layout.root / "drivers"

    @property
    def authority(self) -> Path:
        """The folder of the practice certificate authority."""
        return self._layout.authority

    def status(self) -> tuple[DemoUkey, ...]:
        """Every practice Ukey."""
        return tuple(
            DemoUkey(
                number=record.number,
                holder=record.holder,
                serial=record.serial,
                plugged=(self._layout.tokens / record.folder).is_dir(),
                pin=faults.state(self._layout.control, record.serial),
            )
            for record in self._records
        )

    def plug(self, number: int) -> None:
        """Plug it in; nothing happens when it is."""
        self._move(number, self._layout.unplugged, self._layout.tokens)

    def unplug(self, number: int) -> None:
        """Pull it out; nothing happens when it is."""
        self._move(number, self._layout.tokens, self._layout.unplugged)

    def pin_state(self, number: int, state: PinState) -> bool:
        """Play a state of the 口令 through the fault shim, or `off` again.

        True when a running program must be started anew to notice (the manifest changed); a change between two
        played states shows at the next reading. Raises XiekaError E-DEM-03 without the shim.
        """
        record = self._record(number)
        if state != "off" and components.shim() is None:
            raise XiekaError("E-DEM-03", name="shim.so", package="gcc libp11-kit-dev")
        faults.play(self._layout.control, record.serial, state)
        changed = self._settle()
        self._hint()
        return changed

    def set_validity(self, number: int, days_left: int, clock: Clock | None = None) -> None:
        """Certify the Ukey's keys anew so that this many whole days are left (negative: expired so long ago).

        A seal is made anew with it, bound to the new certificate. Raises XiekaError E-DEM-04, E-DEM-05.
        """
        record = self._record(number)
        if not FEWEST_DAYS <= days_left <= MOST_DAYS:
            raise XiekaError("E-DEM-05", low=FEWEST_DAYS, high=MOST_DAYS)
        now = (clock or SystemClock()).now().replace(microsecond=0)
        end = now + timedelta(days=days_left) + _MARGIN
        begin = min(end, now) - (_LIFE if days_left >= 0 else timedelta(days=30))
        from xieka_demo import child

        work = self._work_folder()
        try:
            tokens = work / "tokens"
            shutil.copytree(self._home(record), tokens / record.folder)
            conf = work / "softhsm2.conf"
            conf.write_text(softhsm_conf(tokens), "utf-8")
            child.run(
                conf,
                "renew",
                str(self._layout.root),
                str(self._module),
                record.serial,
                str(number),
                begin.isoformat(),
                end.isoformat(),
            )
            self._replace(record, tokens / record.folder, work)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def revoke(self, number: int) -> None:
        """Take the Ukey's certificates back at the practice authority; `reset` of all undoes it.

        A running program learns it with the next answer it asks for. Raises XiekaError E-DEM-04.
        """
        record = self._record(number)
        from xieka_demo import child

        work = self._work_folder()
        try:
            shutil.copytree(self._home(record), work / "tokens" / record.folder)
            conf = work / "softhsm2.conf"
            conf.write_text(softhsm_conf(work / "tokens"), "utf-8")
            child.run(conf, "revoke", str(self._layout.root), str(self._module), record.serial)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def reset(self, number: int | None = None) -> None:
        """Put one Ukey, or all, back to what was issued: 口令, certificates, tries. Plugged ones stay plugged.

        All: what was revoked counts again.
        """
        for record in self._records if number is None else (self._record(number),):
            work = self._work_folder()
            try:
                shutil.copytree(self._layout.pristine / record.folder, work / record.folder)
                self._replace(record, work / record.folder, work)
            finally:
                shutil.rmtree(work, ignore_errors=True)
            faults.play(self._layout.control, record.serial, "off")
        if number is None:
            for authority in (self._layout.authority, self._layout.authority_sm2):
                shutil.rmtree(authority / "revoked", ignore_errors=True)
        self._settle()

    def remove(self) -> None:
        """Delete the environment with its Ukeys and its authority; this object is of no use afterwards."""
        # Renamed first: a running program sees both Ukeys go at once, and no half environment is ever found.
        going = self._layout.root.with_name(f".{self._layout.root.name}.{secrets.token_hex(4)}")
        self._layout.root.rename(going)
        shutil.rmtree(going, ignore_errors=True)

    def _record(self, number: int) -> Record:
        for record in self._records:
            if record.number == number:
                return record
        numbers = "、".join(str(record.number) for record in self._records)
        raise XiekaError("E-DEM-02", n=number, all=numbers)

    def _home(self, record: Record) -> Path:
        """Where the Ukey's folder is now; one lost in a crash comes back as issued, unplugged."""
        for place in (self._layout.tokens, self._layout.unplugged):
            if (place / record.folder).is_dir():
                return place / record.folder
        home = self._layout.unplugged / record.folder
        shutil.copytree(self._layout.pristine / record.folder, home)
        return home

    def _move(self, number: int, source: Path, target: Path) -> None:
        record = self._record(number)
        if self._home(record).parent == source:
            # One rename: a driver sees the whole Ukey or none.
            (source / record.folder).rename(target / record.folder)

    def _replace(self, record: Record, fresh: Path, work: Path) -> None:
        home = self._home(record)
        home.rename(work / "old")
        fresh.rename(home)

    def _work_folder(self) -> Path:
        work = self._layout.root / f".work.{secrets.token_hex(4)}"
        work.mkdir(mode=0o700)
        return work

    def _settle(self) -> bool:
        shim = components.shim() if self._layout.control.is_file() else None
        return settle(self._layout, self._module, shim)

    def _hint(self) -> None:
        # A changed time of the watched folder makes a running program read again.
        os.utime(self._layout.tokens)


def _build(layout: Layout) -> None:
    from xieka_demo import child

    module = components.softhsm()
    if set(str(layout.root)) & _NOT_IN_CONF:
        raise XiekaError("E-DEM-06", path=str(layout.root))
    parent = layout.root.parent
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(parent, layout.root.name)
    building = Layout(parent / f".{layout.root.name}.{secrets.token_hex(4)}")
    try:
        for folder in (building.root, building.tokens, building.unplugged, building.authority.parent):
            folder.mkdir(mode=0o700)
        building.softhsm_conf.write_text(softhsm_conf(building.tokens), "utf-8")
        child.run(building.softhsm_conf, "build", str(building.root), str(module))
        shutil.copytree(building.tokens, building.pristine)
        if layout.root.exists() and read_records(layout) is None:
            # Of another version, or damaged: it goes, whole, with the temporary folder.
            layout.root.rename(building.root / "old")
        building.root.rename(layout.root)
        shutil.rmtree(layout.root / "old", ignore_errors=True)
    except OSError:
        # Another process may have been quicker: then its environment is the one.
        if read_records(layout) is None:
            raise
    finally:
        shutil.rmtree(building.root, ignore_errors=True)


def _sweep(parent: Path, name: str) -> None:
    """Remove what a killed attempt left behind long enough ago not to be another one at work."""
    for leftover in parent.glob(f".{name}.*"):
        if time.time() - leftover.stat().st_mtime > _LEFTOVER_AGE:
            shutil.rmtree(leftover, ignore_errors=True)
