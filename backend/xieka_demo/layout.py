"""Where everything of the practice environment lies, and the two files that hold absolute paths."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from xieka.core import messages
from xieka.core.files import write_whole

VERSION = 2
"""Of the layout and the personalisation; an environment of another version is built anew."""


@dataclass(frozen=True, slots=True)
class Record:
    """What demo.json remembers of one practice Ukey."""

    number: int
    holder: str
    serial: str
    folder: str
    """Name of the token's folder, which SoftHSM chose."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The folders and files below the environment's root."""

    root: Path

    @property
    def tokens(self) -> Path:
        """Folders of the plugged Ukeys: SoftHSM's token directory."""
        return self.root / "tokens"

    @property
    def unplugged(self) -> Path:
        """Folders of the others, on the same file system so that a rename plugs them."""
        return self.root / "unplugged"

    @property
    def pristine(self) -> Path:
        """Copies of all Ukeys as they were issued."""
        return self.root / "pristine"

    @property
    def authority(self) -> Path:
        """The practice certificate authority."""
        return self.root / "service" / "ca"

    @property
    def authority_sm2(self) -> Path:
        """The practice authority of SM2 keys; made when it is first asked for."""
        return self.root / "service" / "ca-sm2"

    @property
    def revoked(self) -> Path:
        """What the practice authority has taken back."""
        return self.authority / "revoked"

    @property
    def softhsm_conf(self) -> Path:
        """SoftHSM's configuration."""
        return self.root / "softhsm2.conf"

    @property
    def manifest(self) -> Path:
        """The driver manifest the client reads."""
        return self.root / "drivers" / "softhsm" / "driver.toml"

    @property
    def control(self) -> Path:
        """The fault shim's control file; while it exists the manifest names the shim."""
        return self.root / "faults" / "control"

    @property
    def records(self) -> Path:
        """demo.json."""
        return self.root / "demo.json"


def write_records(layout: Layout, module: Path, records: tuple[Record, ...]) -> None:
    """Write demo.json. Raises OSError."""
    ukeys = [{"number": r.number, "holder": r.holder, "serial": r.serial, "folder": r.folder} for r in records]
    content = {"version": VERSION, "module": str(module), "ukeys": ukeys}
    write_whole(json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8"), layout.records)


def read_records(layout: Layout) -> tuple[Path, tuple[Record, ...]] | None:
    """(SoftHSM's library, the Ukeys); None when there is no environment of this version."""
    try:
        content = json.loads(layout.records.read_bytes())
        if content["version"] != VERSION:
            return None
        return Path(content["module"]), tuple(Record(**ukey) for ukey in content["ukeys"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def softhsm_conf(tokens: Path) -> str:
    """SoftHSM's configuration for this token directory."""
    return f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = true\n"


def driver_toml(layout: Layout, module: Path, shim: Path | None) -> str:
    """The manifest: SoftHSM itself, or the fault shim around it."""
    env = {"SOFTHSM2_CONF": str(layout.softhsm_conf)}
    if shim is not None:
        env |= {"SHIM_TARGET": str(module), "SHIM_CTL": str(layout.control)}
    lines = [
        'id = "softhsm"',
        f"name = {_toml(messages.text('practice_driver'))}",
        'relist = "reinitialize"',
        f"watch = {_toml(str(layout.tokens))}",
        # Only the shim reports low, final and locked; SoftHSM's silence says nothing.
        f"pin_flags = {'true' if shim else 'false'}",
        "practice = true",
        "",
        "[module]",
        f"linux = [{_toml(str(shim or module))}]",
        "",
        "[env]",
        *(f"{key} = {_toml(value)}" for key, value in env.items()),
    ]
    return "\n".join(lines) + "\n"


def settle(layout: Layout, module: Path, shim: Path | None) -> bool:
    """Bring the two files with absolute paths up to date (the environment may have been moved).

    True when the manifest changed: a running program has read the old one. Raises OSError.
    """
    _update(layout.softhsm_conf, softhsm_conf(layout.tokens))
    return _update(layout.manifest, driver_toml(layout, module, shim))


def _update(path: Path, content: str) -> bool:
    data = content.encode("utf-8")
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(data, path)
    return True


def _toml(value: str) -> str:
    # A JSON string is a TOML basic string.
    return json.dumps(value, ensure_ascii=False)
