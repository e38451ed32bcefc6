"""The served side for client tests: a real published repository behind a real HTTP server on loopback."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tuf.api.metadata import Metadata, MetaFile, Snapshot, TargetFile, Targets, Timestamp

from tests.core.net import Answer, Server, reply, running
from tests.service.content.factory import Repository
from xieka.core.http import Http
from xieka.core.proxy import ProxySettings


def real_now() -> datetime:
    """python-tuf judges expiry by the computer's clock."""
    return datetime.now(UTC)


class Folder(dict[str, Answer]):
    """Answers of a Server: the files below /content, but for what is set by hand. "*" answers everything."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root

    def get(self, path: str, default: Answer = b"") -> Answer:  # type: ignore[override]
        for key in (path, "*"):
            if key in self:
                return self[key]
        file = self.root / path.removeprefix("/content/")
        kind = "application/json" if file.suffix in (".json", ".geojson") else "application/octet-stream"
        return reply(file.read_bytes(), kind=kind) if file.is_file() else default


@dataclass
class Online:
    """A repository, its server, and a fetcher for it."""

    repository: Repository
    server: Server
    answers: Folder
    http: Http = field(default_factory=lambda: Http(lambda: ProxySettings("none"), allow_loopback_http=True))

    @property
    def url(self) -> str:
        return self.server.url("/content")

    def paths(self) -> list[str]:
        """What was asked for since the last call."""
        asked = [head.split(b" ")[1].decode().removeprefix("/content/") for head in self.server.requests]
        self.server.requests.clear()
        return asked


@contextmanager
def serving(repository: Repository) -> Iterator[Online]:
    answers = Folder(repository.content)
    server = Server(answers)
    with running(server):
        yield Online(repository, server, answers)


def sign_targets(repository: Repository, files: dict[str, bytes], *, length: int | None = None) -> None:
    """Publish `files` as they are, properly signed: what a publisher would not let through, an attacker with his keys
    would. `length` lies about their length."""
    metadata = repository.metadata
    timestamp = Metadata[Timestamp].from_bytes((metadata / "timestamp.json").read_bytes())
    version = timestamp.signed.snapshot_meta.version
    snapshot = Metadata[Snapshot].from_bytes((metadata / f"{version}.snapshot.json").read_bytes())
    number = snapshot.signed.meta["targets.json"].version
    targets = Metadata[Targets].from_bytes((metadata / f"{number}.targets.json").read_bytes())
    for path, data in files.items():
        target = TargetFile.from_data(path, data, ["sha256"])
        if length is not None:
            target.length = length
        targets.signed.targets[path] = target
        place = repository.content / "targets" / target.get_prefixed_paths()[0]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    targets.signed.version += 1
    targets.sign(repository.signer("targets"))
    snapshot.signed.meta["targets.json"] = _write(metadata, "targets", targets)
    snapshot.signed.version += 1
    snapshot.sign(repository.signer("snapshot"))
    timestamp.signed.snapshot_meta = _write(metadata, "snapshot", snapshot)
    timestamp.signed.version += 1
    timestamp.sign(repository.signer("timestamp"))
    (metadata / "timestamp.json").write_bytes(timestamp.to_bytes())


def _write(folder: Path, role: str, metadata: Metadata[Targets] | Metadata[Snapshot]) -> MetaFile:
    data = metadata.to_bytes()
    (folder / f"{metadata.signed.version}.{role}.json").write_bytes(data)
    return MetaFile(metadata.signed.version, len(data), {"sha256": hashlib.sha256(data).hexdigest()})


def changed_json(repository: Repository, name: str, **fields: object) -> bytes:
    """A served JSON target with some of its fields replaced."""
    return json.dumps(json.loads(repository.target(name).read_bytes()) | fields).encode()


def make_bundle(repository: Repository, folder: Path) -> Path:
    """A `bundled` folder of what the repository serves."""
    for name in ("announcements", "catalog", "hall", "contact", "faq", "pictures", "client"):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(repository.target(f"{name}.json"), folder / f"{name}.json")
    shutil.copy(repository.target("outlets.geojson"), folder / "outlets.geojson")
    (folder / "pictures").mkdir(exist_ok=True)
    for picture in json.loads((folder / "pictures.json").read_bytes())["pictures"]:
        shutil.copy(repository.target(picture["image"]), folder / picture["image"])
    (folder / "date.txt").write_text("2026-11-01\n", encoding="ascii")
    return folder
