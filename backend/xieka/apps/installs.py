"""One-click installation, step by step: fetch, verify, ask, choose a folder, install (REQ-080…086).

A table of jobs, one a program. Fetching is the downloads' matter (download.py), writing the installer's
(transaction.py); here is what comes after what, and what the user may still change.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from xieka.apps import places
from xieka.apps.download import Downloads
from xieka.apps.download_models import Wanted
from xieka.apps.install_models import FETCHING, OVER, FolderCheck, InstallView, Step
from xieka.apps.installed import Installed
from xieka.apps.library import Library
from xieka.apps.platforms import package_for
from xieka.apps.transaction import Installer
from xieka.content.models import Offer
from xieka.contract.apps import Archive, Builtin, Package
from xieka.core.clock import Clock
from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus, JsonValue
from xieka.core.log import report

Offers = Callable[[], tuple[Offer, ...]]
TOPIC: Final = "installs"


@dataclass(frozen=True, slots=True)
class _Job:
    offer: Offer
    package: Package
    step: Step
    update: bool
    proposal: Path | None
    folder: Path | None = None
    """Where to: from the question for it on, also after a failure there."""
    bytes: int = 0
    length: int = 0
    speed: int | None = None
    remaining: int | None = None
    error: ErrorView | None = None
    cancel: threading.Event = field(default_factory=threading.Event)

    @property
    def name(self) -> str:
        return f"{self.offer.program.publisher}/{self.offer.program.id}"

    def view(self) -> InstallView:
        program = self.offer.program
        return InstallView(
            program=self.name,
            title=program.name,
            icon=program.icon,
            tone=program.tone,
            publisher=program.publisher_name,
            version=program.version,
            update=self.update,
            step=self.step,
            bytes=self.bytes,
            length=self.length,
            speed=self.speed,
            remaining=self.remaining,
            folder=str(self.folder) if self.folder else None,
            error=self.error,
        )


class Installs:
    """Any thread may call anything. Publishes topic `installs` {items: every InstallView}."""

    def __init__(
        self,
        offers: Offers,
        downloads: Downloads,
        installer: Installer,
        library: Library,
        bus: EventBus,
        clock: Clock,
        *,
        base_url: str | None,
        root: Path,
    ) -> None:
        """`base_url`: where targets are served; `root`: the folder in which a new program is proposed its own."""
        self._offers = offers
        self._downloads = downloads
        self._installer = installer
        self._library = library
        self._bus = bus
        self._clock = clock
        self._base = (base_url or "").rstrip("/")
        self._root = root
        self._lock = threading.RLock()
        self._jobs: dict[str, _Job] = {}
        bus.on("downloads", self._downloaded)
        bus.on("content", lambda _: self._adopt())

    def views(self) -> list[InstallView]:
        """All jobs, in the order of their beginning."""
        with self._lock:
            return [job.view() for job in self._jobs.values()]

    def start(self, name: str) -> None:
        """Begin with the program PUBLISHER/ID, or again after a failure; one that is under way stays as it is.

        Raises XiekaError E-INS-30 (not offered), E-INS-31 (not for this computer), E-INS-32 (the signature ran out),
        E-INS-33 (another publisher's program of this name is installed), and what Downloads.add raises.
        """
        offer = next((one for one in self._offers() if _name(one) == name), None)
        if offer is None:
            raise XiekaError("E-INS-30")
        with self._lock:
            known = self._jobs.get(name)
            if known is not None and known.step not in OVER:
                return
            job = self._begun(offer)
            self._jobs[name] = job
            if job.package.target is not None:
                try:
                    self._fetch(job)
                except BaseException:
                    del self._jobs[name]
                    raise
        self._look(name)

    def pause(self, name: str) -> None:
        """Stop fetching; what is there stays."""
        self._downloads.pause(self._id(name))

    def resume(self, name: str) -> None:
        """Go on fetching, after a pause or a failure. Raises what Downloads.resume raises."""
        self._downloads.resume(self._id(name))
        with self._lock:
            if (job := self._jobs.get(name)) is not None and job.step == "failed" and job.folder is None:
                self._set(name, step="waiting", error=None)
        self._look(name)

    def cancel(self, name: str) -> None:
        """End it, whatever it is doing, and remove what was fetched. A switch that has begun is finished instead."""
        with self._lock:
            job = self._job(name)
            job.cancel.set()
            if job.step != "installing":
                self._drop(name)
        self._tell()

    def answer(self, name: str, *, yes: bool) -> None:
        """是 or 否. Raises XiekaError E-INS-34 when this is not the question now."""
        with self._lock:
            job = self._at(name, "confirm")
            if not yes:
                self._drop(name)
            elif isinstance(job.package.install, Builtin):
                self._library.add_builtin(job.package.install.page)
                self._set(name, step="done")
            else:
                self._set(name, step="folder", folder=job.proposal)
        self._tell()

    def proposed(self, name: str) -> Path:
        """Where it would go. Raises XiekaError E-INS-34."""
        with self._lock:
            return self._placing(name).folder or self._root

    def check_folder(self, name: str, folder: str) -> FolderCheck:
        """Whether the program may go there; looks, and writes nothing. Raises XiekaError E-INS-34."""
        with self._lock:
            job = self._placing(name)
        needed = self._needed(job.package)
        try:
            path = self._installer.check_folder(job.offer.program, needed, Path(folder))
            error = None
        except XiekaError as refused:
            path, error = Path(folder), ErrorView(**refused.body())
        return FolderCheck(folder=str(path), free=_free(path), needed=needed + places.SPARE, error=error)

    def run(self, name: str, folder: str) -> None:
        """Install there, in a thread of its own; also anew after a failure. Raises XiekaError E-INS-34."""
        with self._lock:
            job = self._placing(name)
            length = self._needed(job.package)
            self._set(name, step="installing", folder=Path(folder), bytes=0, length=length, error=None)
        self._tell()
        threading.Thread(target=self._install, args=(name,), name="install", daemon=True).start()

    def dismiss(self, name: str) -> None:
        """Take what is over out of the list."""
        with self._lock:
            if (job := self._jobs.get(name)) is not None and job.step in OVER:
                self._drop(name)
        self._tell()

    # --- the way of a job ----------------------------------------------------------------------------------------

    def _begun(self, offer: Offer) -> _Job:
        program = offer.program
        package = package_for(program)
        if package is None:
            raise XiekaError("E-INS-31", name=program.name)
        if offer.expires <= self._clock.now():
            raise XiekaError("E-INS-32", name=program.name)
        before = self._installed(program.id)
        if before is not None and before.publisher != program.publisher:
            raise XiekaError("E-INS-33", name=before.name)
        folder = Path(before.folder) if before else self._root / program.name
        step: Step = "waiting" if package.target else "confirm"
        return _Job(offer, package, step, before is not None, folder if package.target else None)

    def _fetch(self, job: _Job) -> None:
        target = job.package.target or ""
        file = job.offer.files[target]
        folder, _, base = target.rpartition("/")
        # Consistent snapshots: the hash stands before the name (TUF 1.0 §6.2).
        url = f"{self._base}/targets/{folder}/{file.sha256}.{base}"
        self._downloads.add(Wanted(id=job.offer.program.id, url=url, length=file.length, sha256=file.sha256))

    def _downloaded(self, data: JsonValue) -> None:
        if not isinstance(data, dict):
            return
        with self._lock:
            found = next((job for job in self._jobs.values() if job.offer.program.id == data["id"]), None)
            if found is not None:
                self._look(found.name)

    def _look(self, name: str) -> None:
        """Bring a job that fetches to where its download is."""
        with self._lock:
            job = self._jobs.get(name)
            view = next((one for one in self._downloads.views() if one.id == self._id(name)), None)
            if job is None or view is None or job.step not in FETCHING:
                self._tell()
                return
            steps: dict[str, Step] = {"done": "confirm", "cancelled": "failed"}
            step: Step = steps.get(view.state) or view.state  # type: ignore[assignment]
            self._set(
                name, step=step, bytes=view.bytes, length=view.length, speed=view.speed, remaining=view.remaining,
                error=view.problem,
            )  # fmt: skip
        self._tell()

    def _adopt(self) -> None:
        """Downloads of an earlier run belong to a job as soon as the catalog knows their program."""
        with self._lock:
            views = {view.id: view for view in self._downloads.views()}
            for offer in self._offers():
                if offer.program.id in views and _name(offer) not in self._jobs:
                    try:
                        job = self._begun(offer)
                    except XiekaError:
                        continue
                    if job.package.target is not None:
                        self._jobs[job.name] = job
                        self._look(job.name)

    def _install(self, name: str) -> None:
        with self._lock:
            job = self._jobs[name]
        program = job.offer.program
        try:
            archive = self._downloads.file(program.id)
            if archive is None or job.folder is None:
                raise XiekaError("E-PKG-01")
            done = self._installer.install(
                program, job.package, archive, job.folder, lambda *at: self._progress(name, *at), job.cancel
            )
            self._library.add_program(program)
            self._downloads.cancel(program.id)
            self._set(name, step="done", folder=Path(done.folder))
        except XiekaError as error:
            if error.code == "E-INS-18":
                with self._lock:
                    self._drop(name)
            else:
                self._set(name, step="failed", error=ErrorView(**error.body()))
        except Exception as error:  # noqa: BLE001 - a thread's border: the page is told, whatever it is
            told = XiekaError("E-INT-01", ref=report(error, "installing"))
            self._set(name, step="failed", error=ErrorView(**told.body()))
        self._tell()

    def _progress(self, name: str, done: int, of: int) -> None:
        self._set(name, bytes=done, length=of)
        self._tell()

    # --- small things --------------------------------------------------------------------------------------------

    def _set(self, name: str, **changes: object) -> None:
        with self._lock:
            if (job := self._jobs.get(name)) is not None:
                self._jobs[name] = replace(job, **changes)  # type: ignore[arg-type]

    def _drop(self, name: str) -> None:
        del self._jobs[name]
        self._downloads.cancel(self._id(name))

    def _job(self, name: str) -> _Job:
        job = self._jobs.get(name)
        if job is None:
            raise XiekaError("E-INS-34")
        return job

    def _at(self, name: str, step: Step) -> _Job:
        job = self._job(name)
        if job.step != step:
            raise XiekaError("E-INS-34")
        return job

    def _placing(self, name: str) -> _Job:
        """The job, when it is asked where to, or could not be installed there."""
        job = self._job(name)
        if job.step != "folder" and not (job.step == "failed" and job.folder is not None):
            raise XiekaError("E-INS-34")
        return job

    def _installed(self, id_: str) -> Installed | None:
        return next((one for one in self._installer.installed() if one.id == id_), None)

    def _tell(self) -> None:
        self._bus.publish(TOPIC, {"items": [view.model_dump(mode="json") for view in self.views()]})

    @staticmethod
    def _id(name: str) -> str:
        return name.partition("/")[2]

    @staticmethod
    def _needed(package: Package) -> int:
        return package.install.unpacked if isinstance(package.install, Archive) else 0


def _name(offer: Offer) -> str:
    return f"{offer.program.publisher}/{offer.program.id}"


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(places.existing(folder)).free
    except (OSError, ValueError):
        return 0
