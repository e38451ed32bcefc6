"""One-click installation, step by step: fetch, verify, ask, choose a folder, install (REQ-080…086).

A table of jobs, one a program. Fetching is the downloads' matter (download/), writing the installer's
(portable/, native/); here is what comes after what, and what the user may still change.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from xieka.apps import places, tiles
from xieka.apps.download.models import DownloadView, Wanted
from xieka.apps.download.service import Downloads
from xieka.apps.install_models import FETCHING, OVER, FolderCheck, InstallView, Step
from xieka.apps.installed import Installed
from xieka.apps.job import Job
from xieka.apps.library import Library
from xieka.apps.programs import Here, Programs
from xieka.apps.telling import Telling
from xieka.content.models import Offer
from xieka.contract.apps import Archive, Builtin, Native, Package
from xieka.core.clock import Clock
from xieka.core.error_view import ErrorView
from xieka.core.errors import XiekaError
from xieka.core.events import EventBus, JsonValue
from xieka.core.log import report

Offers = Callable[[], tuple[Offer, ...]]
TOPIC: Final = "installs"


class Installs:
    """Any thread may call anything. Publishes topic `installs` {items: every InstallView} in the order of the changes.

    Two locks, in this order. `_turn` has one call that changes something after the other; other rooms are called under
    it, and no listener takes it. `_lock` is the table's: nothing of another room is called under it, because the other
    rooms publish, and what they publish arrives here.
    """

    def __init__(
        self,
        offers: Offers,
        downloads: Downloads,
        programs: Programs,
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
        self._programs = programs
        self._library = library
        self._bus = bus
        self._clock = clock
        self._base = (base_url or "").rstrip("/")
        self._root = root
        self._turn = threading.RLock()
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._tell = Telling(self._publish)
        bus.on("downloads", self._downloaded)
        bus.on("content", lambda _: self._adopt())

    def views(self) -> list[InstallView]:
        """All jobs, in the order of their beginning."""
        with self._lock:
            return [job.view() for job in self._jobs.values()]

    def start(self, name: str) -> None:
        """Begin with the program PUBLISHER/ID, or again after a failure; one that is under way stays as it is.

        Raises XiekaError E-INS-30 (not offered), E-INS-31 (not for this computer), E-INS-32 (the signature ran out),
        E-INS-33 (another publisher's program of this name is installed), E-SAV-03 (no room for its tile), and what
        Downloads.add raises.
        """
        offer = self._offer(name)
        with self._turn:
            if (known := self._known(name)) is not None and known.step not in OVER:
                return
            job = self._begun(offer)
            if job.file is not None:
                self._library.check_room(name)
                self._downloads.add(self._wanted(job))
            with self._lock:
                self._jobs[name] = job
        self._look(name)
        self._tell()

    def pause(self, name: str) -> None:
        """Stop fetching; what is there stays."""
        self._downloads.pause(name)

    def resume(self, name: str) -> None:
        """Go on fetching, after a pause or a failure. Raises what Downloads.add raises."""
        with self._turn:
            job = self._known(name)
            if job is None or job.file is None or job.step not in ("paused", "failed") or job.folder is not None:
                return
            self._downloads.add(self._wanted(job))
            self._set(name, step="waiting", error=None)
        self._look(name)
        self._tell()

    def cancel(self, name: str) -> None:
        """End it, whatever it is doing, and remove what was fetched. A switch that has begun is finished instead."""
        with self._turn:
            job = self._job(name)
            job.cancel.set()
            if job.step not in ("authorizing", "installing"):
                self._drop(job)
        self._tell()

    def answer(self, name: str, *, yes: bool) -> None:
        """是 or 否. Raises XiekaError E-INS-34 when this is not the question now."""
        with self._turn:
            job = self._job(name)
            if job.step != "confirm":
                raise XiekaError("E-INS-34")
            if not yes:
                self._drop(job)
            elif isinstance(job.package.install, Builtin):
                self._library.add_builtin(job.package.install.page)
                self._set(name, step="done")
            elif isinstance(job.package.install, Native):
                self._go(job, step="authorizing", length=job.file.length if job.file else 0)
            else:
                self._set(name, step="folder", folder=job.proposal)
        self._tell()

    def proposed(self, name: str) -> Path:
        """Where it would go. Raises XiekaError E-INS-34."""
        return self._placing(name).folder or self._root

    def check_folder(self, name: str, folder: str) -> FolderCheck:
        """Whether the program may go there; looks, and writes nothing. Raises XiekaError E-INS-34."""
        job = self._placing(name)
        try:
            path = self._programs.portable.check_folder(job.offer.program, job.needed, Path(folder))
            error = None
        except XiekaError as refused:
            path, error = Path(folder), ErrorView(**refused.body())
        return FolderCheck(folder=str(path), free=_free(path), needed=job.needed + places.SPARE, error=error)

    def run(self, name: str, folder: str) -> None:
        """Install there, in a thread of its own; also anew after a failure.

        Raises XiekaError E-INS-34, and as `start` what does not count any more since then.
        """
        with self._turn:
            job = self._placing(name)
            self._go(job, step="installing", folder=Path(folder), length=job.needed)
        self._tell()

    def dismiss(self, name: str) -> None:
        """Take what is over out of the list."""
        with self._turn:
            if (job := self._known(name)) is not None and job.step in OVER:
                self._drop(job)
        self._tell()

    def _go(self, job: Job, *, step: Step, length: int, folder: Path | None = None) -> None:
        """Under `_turn`. Raises XiekaError E-INS-30, E-INS-32, E-SAV-03: it stays where it was."""
        job = replace(
            job, offer=self._still(job), step=step, folder=folder, bytes=0, length=length,
            error=None, cancel=threading.Event(),
        )  # fmt: skip
        self._library.check_room(job.name)
        with self._lock:
            self._jobs[job.name] = job
        threading.Thread(target=self._install, args=(job,), name="install", daemon=True).start()

    # --- the way of a job ----------------------------------------------------------------------------------------

    def _offer(self, name: str) -> Offer:
        offer = next((one for one in self._offers() if one.program.full_name == name), None)
        if offer is None:
            raise XiekaError("E-INS-30")
        return offer

    def _begun(self, offer: Offer) -> Job:
        program = offer.program
        package = self._programs.package_for(program)
        if package is None:
            raise XiekaError("E-INS-31", name=program.name)
        self._check_expiry(offer)
        before = next((one for one in self._programs.installed() if one.id == program.id), None)
        if before is not None and before.full_name != program.full_name:
            raise XiekaError("E-INS-33", name=before.name)
        if before is not None and not _in_its_place(before, package):
            raise XiekaError("E-INS-47", name=program.name)
        folder = None
        if isinstance(package.install, Archive):
            folder = Path(before.folder) if isinstance(before, Installed) else self._root / program.name
        step: Step = "waiting" if package.target else "confirm"
        update = before is not None and before.version != program.version
        return Job(offer, package, step, update, folder)

    def _check_expiry(self, offer: Offer) -> None:
        if offer.expires <= self._clock.now():
            raise XiekaError("E-INS-32", name=offer.program.name)

    def _still(self, job: Job) -> Offer:
        """The job's offer with the signature of today: hours may lie between the download and the folder.

        Raises XiekaError E-INS-30 (withdrawn), E-INS-32.
        """
        now = self._offer(job.name)
        same = job.package.target is not None and now.files.get(job.package.target) == job.file
        offer = replace(job.offer, expires=now.expires) if same else job.offer
        self._check_expiry(offer)
        return offer

    def _wanted(self, job: Job) -> Wanted:
        """Raises ValueError for a package that needs no download."""
        if job.package.target is None or job.file is None:
            raise ValueError("nothing to fetch")
        folder, _, base = job.package.target.rpartition("/")
        # Consistent snapshots: the hash stands before the name (TUF 1.0 §6.2).
        url = f"{self._base}/targets/{folder}/{job.file.sha256}.{base}"
        return Wanted(id=job.name, url=url, length=job.file.length, sha256=job.file.sha256)

    def _downloaded(self, data: JsonValue) -> None:
        if isinstance(data, dict) and self._look(str(data["id"])):
            self._tell()

    def _look(self, name: str) -> bool:
        """Bring a job that fetches to where its download is; True: something changed.

        Until nothing newer is there: of two threads the one that looked first may be the last to note what it saw.
        """
        seen: DownloadView | None = None
        while (view := self._download(name)) is not None and view != seen:
            with self._lock:
                job = self._jobs.get(name)
                if job is None or job.step not in FETCHING or not job.is_of(view.sha256):
                    break
                self._jobs[name] = replace(
                    job, step=_STEPS[view.state], bytes=view.bytes, length=view.length, speed=view.speed,
                    remaining=view.remaining, error=view.problem,
                )  # fmt: skip
            seen = view
        return seen is not None

    def _download(self, name: str) -> DownloadView | None:
        return next((view for view in self._downloads.views() if view.id == name), None)

    def _adopt(self) -> None:
        """Downloads of an earlier run belong to a job as soon as the catalog has their package.

        Those of another version end: they can never be installed.
        """
        views = {view.id: view for view in self._downloads.views()}
        changed = False
        for offer in self._offers():
            name = offer.program.full_name
            view = views.get(name)
            if view is None or self._known(name) is not None:
                continue
            try:
                job = self._begun(offer)
            except XiekaError:
                continue
            if job.is_of(view.sha256):
                with self._lock:
                    self._jobs.setdefault(name, job)
                self._look(name)
                changed = True
            else:
                self._downloads.cancel(name, view.sha256)
        if changed:
            self._tell()

    def _install(self, job: Job) -> None:
        name = job.name
        try:
            archive = self._downloads.file(name, job.file.sha256) if job.file else None
            if archive is None or job.file is None:
                # To be fetched anew: without a folder it is the download that failed.
                self._set(name, folder=None)
                raise XiekaError("E-PKG-01")
            done = self._installed(job, archive, job.file.sha256)
            with self._turn:
                self._library.add_program(done)
                if isinstance(done, Installed):
                    self._set(name, folder=Path(done.folder), kept=done.kept)
                self._downloads.cancel(name, job.file.sha256)
                self._set(name, step="done")
            # Its tile may be as it was, and what it stands for is not: it was broken, say.
            self._bus.publish("apps", {"count": len(self._library.entries())})
        except XiekaError as error:
            if error.code == "E-INS-41" and job.file is not None:
                # Not what was signed: to be fetched anew.
                self._downloads.cancel(name, job.file.sha256)
            if error.code == "E-INS-18":
                with self._turn:
                    self._drop(job)
            else:
                # It may be installed all the same, and only what comes after that have failed.
                with contextlib.suppress(XiekaError):
                    tiles.give(self._library, self._programs)
                self._set(name, step="failed", error=ErrorView(**error.body()))
        except Exception as error:  # noqa: BLE001 - a thread's border: the page is told, whatever it is
            told = XiekaError("E-INT-01", ref=report(error, "installing"))
            self._set(name, step="failed", error=ErrorView(**told.body()))
        self._tell()

    def _installed(self, job: Job, archive: Path, sha256: str) -> Here:
        """By whom its package is for."""
        program, name = job.offer.program, job.name
        if job.folder is not None:
            return self._programs.portable.install(
                program, job.package, archive, job.folder, lambda *at: self._progress(name, *at), job.cancel
            )

        def progress(percent: int) -> None:
            self._set(name, step="installing")
            self._progress(name, job.length * percent // 100, job.length)

        return self._programs.native.install(program, job.package, archive, sha256, progress)

    def _progress(self, name: str, done: int, of: int) -> None:
        self._set(name, bytes=done, length=of)
        self._tell()

    # --- small things --------------------------------------------------------------------------------------------

    def _set(self, name: str, **changes: object) -> None:
        with self._lock:
            if (job := self._jobs.get(name)) is not None:
                self._jobs[name] = replace(job, **changes)  # type: ignore[arg-type]

    def _drop(self, job: Job) -> None:
        """Under `_turn`."""
        with self._lock:
            self._jobs.pop(job.name, None)
        if job.file is not None:
            self._downloads.cancel(job.name, job.file.sha256)

    def _known(self, name: str) -> Job | None:
        with self._lock:
            return self._jobs.get(name)

    def _job(self, name: str) -> Job:
        job = self._known(name)
        if job is None:
            raise XiekaError("E-INS-34")
        return job

    def _placing(self, name: str) -> Job:
        """The job, when it is asked where to, or could not be installed there."""
        job = self._job(name)
        if job.step != "folder" and not (job.step == "failed" and job.folder is not None):
            raise XiekaError("E-INS-34")
        return job

    def _publish(self) -> None:
        self._bus.publish(TOPIC, {"items": [view.model_dump(mode="json") for view in self.views()]})


_STEPS: Final[dict[str, Step]] = {
    "waiting": "waiting",
    "downloading": "downloading",
    "verifying": "verifying",
    "paused": "paused",
    "failed": "failed",
    "done": "confirm",
}
"""By the state of the download; one that was cancelled is in no list, so no job sees it."""


def _in_its_place(before: Here, package: Package) -> bool:
    """Whether the package would replace what is here, and not stand beside it."""
    if isinstance(before, Installed):
        return isinstance(package.install, Archive)
    new = package.install
    # Windows Installer takes the old product away itself, whatever code the new one has.
    return isinstance(new, Native) and (new.format == "msi" or new.package == before.install.package)


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(places.existing(folder)).free
    except (OSError, ValueError):
        return 0
