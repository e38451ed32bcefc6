"""The composition root: builds every service once and wires their events. The only file that knows all rooms."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from xieka.core import paths
from xieka.core.clock import Clock, SystemClock
from xieka.core.events import EventBus
from xieka.core.paths import Folders
from xieka.token.drivers import Driver, driver_for_module, load_drivers
from xieka.token.models import Problem
from xieka.token.service import TokenService

if TYPE_CHECKING:
    from xieka.certificate.trust.service import TrustService
    from xieka.core.http import Http
    from xieka.osstore.service import OsStore
    from xieka.osstore.watch import Watch
    from xieka.registration.asking import Asking
    from xieka.registration.window import RemoteWindow
    from xieka.seal.makers import MakerRule
    from xieka.settings.models import Profile, Settings

MakeWindow = Callable[["Http"], "RemoteWindow | None"]


def drivers(folders: Folders) -> tuple[tuple[Driver, ...], list[Problem]]:
    """The shipped, the user's and the practice drivers, and the manifests among them that cannot be used."""
    faults: list[Problem] = []
    loaded = load_drivers(
        paths.bundled("drivers"),
        folders.config / "drivers",
        folders.practice / "drivers",
        # One wrong manifest must not cost the others: it is shown beside them.
        on_fault=lambda path, error: faults.append(Problem(path.parent.name, path.parent.name, error.body())),
    )
    return loaded, faults


def start_tokens(
    folders: Folders,
    bus: EventBus,
    *,
    module: Path | None = None,
    clock: Clock | None = None,
) -> TokenService:
    """The token service, its workers already started: they read on another core while the rest is built.

    `module`: only this PKCS#11 library. Raises XiekaError E-MOD-01 when there is none.
    """
    chosen, faults = drivers(folders) if module is None else ((driver_for_module(module),), [])
    tokens = TokenService(chosen, bus, clock or SystemClock(), folders.log, faults=faults)
    tokens.start()
    return tokens


class Pages:
    """What the pages of the online half show and do. Made when they are first asked for: its imports take a twentieth
    of a second, which the first picture does without.
    """

    def __init__(self, app: App, folders: Folders, environment: Mapping[str, str]) -> None:
        from xieka.apps.library import Library
        from xieka.apps.native.this_system import this_system
        from xieka.apps.service import Apps
        from xieka.content.browser import open_in_browser
        from xieka.content.links import Links
        from xieka.content.service import ContentService
        from xieka.registration.answers import Answers
        from xieka.registration.service import RegistrationService

        service, root = app.service.url, app.service.root
        kept = folders.data / "content" / app.profile.id
        self.content = ContentService(service, root, kept, app.http, app.bus, app.clock)
        self.library = Library(folders.data / "apps.json", app.bus)
        self.links = Links(self.content, self.library.address, lambda url: open_in_browser(url, environment), service)
        self.apps = Apps(
            folders.data / "apps",
            (folders.config, folders.data, folders.cache, folders.log, folders.run),
            self.library,
            lambda: self.content.state().content.programs,
            lambda link: self.links.open("saved", link),
            app.http,
            f"{service}/content" if service else None,
            lambda: app.online.state().online,
            app.bus,
            app.clock,
            environment,
            icon=paths.bundled("frontend") / "assets" / "mark.svg",
            system=this_system(),
        )
        self.registration = RegistrationService(
            app.ukeys,
            app.http,
            service,
            Answers(folders.data / "registration" / f"{app.profile.id}.json", app.clock),
            app.bus,
            app.clock,
            window=app.window,
            browse=self.links.open_own,
        )


def make_trust(
    folders: Folders,
    profile: Profile,
    service: str | None,
    http: Http,
    bus: EventBus,
    clock: Clock,
    wanted: Callable[[], bool] = lambda: True,
) -> TrustService:
    """Whether certificates can be relied on, by this profile. `service`: the address of the profile's own.

    `wanted`: see TrustService.
    """
    from urllib.parse import urlsplit

    from xieka.certificate.revocation.asking import Asking
    from xieka.certificate.revocation.cache import Cache
    from xieka.certificate.trust.parsed import parse
    from xieka.certificate.trust.path import Store
    from xieka.certificate.trust.service import TrustService
    from xieka.settings.anchors import anchors

    # In practice the service of this computer answers for its own authority; nobody else here is ever asked.
    local = {urlsplit(service).netloc} if profile.practice and service else set()
    asking = Asking(http, Cache(folders.cache / "revocation"), clock, local)
    known = anchors(profile, folders.practice)
    store = Store(tuple(map(parse, known.anchors)), tuple(map(parse, known.issuers)))
    return TrustService(lambda: store, asking.standing, bus, clock, lambda: http.ahead, wanted)


def profile_in_use(folders: Folders) -> Profile:
    """The practice profile where there is a practice environment."""
    from xieka.settings.service import load_profile

    return load_profile("demo" if folders.practice.is_dir() else "sheca")


def seal_makers(profile: Profile) -> list[MakerRule]:
    """The profile's own, as the seal room takes them."""
    from xieka.seal.makers import MakerRule

    return [
        MakerRule(*map(frozenset, (one.issuers, one.policies, one.extensions, one.organisations, one.sha256)))
        for one in profile.seal_makers
    ]


def make_osstore(app: App, folders: Folders, environment: Mapping[str, str]) -> OsStore:
    """导入签名证书, for the system that this runs on."""
    from xieka.osstore.service import OsStore
    from xieka.osstore.store import this_system

    data = folders.data / "osstore"
    return OsStore(this_system(environment, data / "backups"), app.tokens, app.settings, data, app.bus, app.clock)


class App:
    """Every service of the client, built around the token service and wired; `close` ends every worker."""

    def __init__(
        self,
        folders: Folders,
        bus: EventBus,
        tokens: TokenService,
        environment: Mapping[str, str],
        clock: Clock | None = None,
        *,
        window: MakeWindow = lambda _: None,
    ) -> None:
        """`environment`: what the program was started with, for the programs that it starts.

        `window`: makes the window for a page of the service, or None where there is none.
        """
        # Imported here, not above: `start_tokens` runs before these are needed.
        from xieka.certificate.kinds import Rule
        from xieka.content.keeper import Keeper
        from xieka.content.online import OnlineWatch, service_probe
        from xieka.core.http import Http
        from xieka.reminders.service import Reminders
        from xieka.reminders.told import Told
        from xieka.seal.trusted import TrustedChain
        from xieka.settings.endpoint import endpoint
        from xieka.settings.service import SettingsService
        from xieka.ukey.service import UkeyService

        self.bus = bus
        self.tokens = tokens
        self.clock = clock or SystemClock()
        self.settings = SettingsService(folders.config)
        self.profile = profile_in_use(folders)
        rules = [
            Rule(one.kind, frozenset(one.extensions), frozenset(one.issuers), frozenset(one.policies))
            for one in self.profile.kinds
        ]
        chain = TrustedChain(lambda der: self.trust().check(der), seal_makers(self.profile))
        self.ukeys = UkeyService(tokens, self.settings, bus, self.clock, rules, chain)
        self.service = endpoint(self.profile, folders.practice)
        self.http = Http(lambda: self.settings.value.proxy, allow_loopback_http=self.profile.practice)
        url = self.service.url
        self.window = window(self.http)
        self.online = OnlineWatch(bus, self.clock, service_probe(self.http, url) if url else None)
        self._make_pages: Callable[[], Pages] = lambda: Pages(self, folders, environment)
        self._pages: Pages | None = None
        self._working = False
        self._make_trust: Callable[[], TrustService] = lambda: make_trust(
            folders, self.profile, url, self.http, bus, self.clock, self._any_ukey
        )
        self._trust: TrustService | None = None
        self._make_osstore: Callable[[], OsStore] = lambda: make_osstore(self, folders, environment)
        self._osstore: OsStore | None = None
        self._registering: Watch | None = None
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self.reminders = Reminders(
            self.ukeys.state,
            self.ukeys.publish,
            lambda: self.settings.value.remind_days if self.settings.value.remind_expiry else None,
            Told(folders.data / "reminders.json"),
            bus,
            self.clock,
        )
        self._asking: Asking | None = None
        if self.window is not None and url:
            from xieka.registration.asking import Asking

            self._asking = Asking(
                lambda: self.pages().registration,
                self.window,
                self.ukeys.state,
                lambda: self.settings.value.ask_registration,
                bus,
                self.clock,
            )
        self._keeper = Keeper(lambda: self.pages().content.refresh(cancel=self._ending), bus, self.clock)
        self.settings.on_change(self._settings_changed)

    def pages(self) -> Pages:
        """The online half's own services; the first call takes a moment."""
        with self._lock:
            if self._pages is None:
                self._pages = self._make_pages()
                if self._working:
                    self._pages.apps.start()
            return self._pages

    def trust(self) -> TrustService:
        """Whether certificates can be relied on; the first call takes a moment."""
        with self._lock:
            if self._trust is None:
                self._trust = self._make_trust()
            return self._trust

    def _any_ukey(self) -> bool:
        # An authority need not hear of a certificate every hour whose Ukey lies in a drawer.
        return bool(self.tokens.tokens().tokens)

    def osstore(self) -> OsStore:
        """The signing certificates that the operating system knows; the first call takes a moment."""
        with self._lock:
            if self._osstore is None:
                self._osstore = self._make_osstore()
            return self._osstore

    def _settings_changed(self, before: Settings, after: Settings) -> None:
        """Every setting takes effect at once, whoever has changed it; those not named here are read when they count."""
        if (before.theme, before.size) != (after.theme, after.size):
            self.bus.publish("appearance", {"theme": after.theme, "size": after.size})
        if before.preferred_token != after.preferred_token:
            self.ukeys.publish()
        if (before.remind_expiry, before.remind_days) != (after.remind_expiry, after.remind_days):
            self.reminders.wake()
        if before.proxy != after.proxy:
            self.online.hint()
        switched = before.import_signing_certificate != after.import_signing_certificate
        if switched and self._registering is not None:
            self._registering.wake()

    def _made(self) -> Pages | None:
        with self._lock:
            return self._pages

    def start(self) -> None:
        """Begin to watch the network, to fetch new content whenever the service is there, to register signing
        certificates, and to go on with what the last run left of installations and downloads. Once; a command that only
        looks does without.
        """
        from xieka.osstore.watch import Watch

        with self._lock:
            self._working = True
            if self._pages is not None:
                self._pages.apps.start()
        if self._asking is not None:
            self._asking.start()
        self._registering = Watch(lambda: self.osstore().sync(), self.bus)
        self._registering.start()
        self._keeper.start()
        self.online.start()
        self.reminders.start()

    def refresh(self) -> None:
        """D-07: re-read every Ukey, look at the network and for new content, side by side; then at the programs."""
        with ThreadPoolExecutor(2, thread_name_prefix="refresh") as pool:
            online = pool.submit(self.online.check)
            pool.submit(self.ukeys.refresh).result()
            if online.result().online:
                self._keeper.want()
        if (pages := self._made()) is not None:
            pages.apps.look()

    def close(self) -> None:
        """End workers and threads; at most two seconds."""
        self._ending.set()
        self.reminders.close()
        if self._asking is not None:
            self._asking.close()
        if self._registering is not None:
            self._registering.close()
        self._keeper.close()
        with self._lock:
            trust = self._trust
        if trust is not None:
            trust.close()
        if (pages := self._made()) is not None:
            pages.apps.close()
        self.online.close()
        self.tokens.close()
        self.bus.close()
