"""The methods about one certificate: its details, files made of it, and another one beside it."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, Field

from xieka.app import App
from xieka.bridge import models as m
from xieka.bridge.papers import Papers
from xieka.bridge.rpc import Method
from xieka.bridge.shell import Shell
from xieka.certificate import service as certificates
from xieka.core.errors import XiekaError
from xieka.ukey.models import Comparable

if TYPE_CHECKING:
    # Only for the types: their modules are not for the start path.
    from xieka.certificate.comparison import Comparison
    from xieka.certificate.trust.models import TrustView

SUMMARY_SECONDS = 8.0
"""How long a summary waits for the authority's answer; after that it says that none has come."""
UPLOAD_LIMIT = 512 * 1024
"""Bytes of a file that a browser may hand over; far more than any file of certificates."""

Fingerprint = Annotated[str, Field(pattern=r"^[0-9A-F]{64}$")]


class CompareWith(m.CertificateOf):
    """As above, and the certificate of this fingerprint on a present Ukey."""

    other: Fingerprint


class CompareUpload(m.CertificateOf):
    """As above, and a file that was chosen in the browser; `name` is only shown."""

    name: Annotated[str, Field(min_length=1, max_length=255)]
    base64: Annotated[str, Field(max_length=UPLOAD_LIMIT * 3 // 2)]


class Comparables(BaseModel):
    """What a certificate may be compared with."""

    items: list[Comparable]


class PaperAt(BaseModel):
    """Where the document to print is: a path on this server."""

    path: str


def methods(app: App, shell: Shell, papers: Papers) -> dict[str, Method]:
    """Bound to the services of this run."""
    page = _Certificates(app, shell, papers)
    return {
        "certificate.detail": Method(m.CertificateOf, lambda p: app.ukeys.certificate(p.token, p.role)),
        "certificate.trust": Method(m.TrustOf, page.trust),
        "certificate.export": Method(m.CertificateOf, page.export),
        "certificate.file": Method(m.CertificateOf, page.file),
        "certificate.view": Method(m.CertificateOf, page.view),
        "certificate.save_calendar": Method(m.CertificateOf, page.save_calendar),
        "certificate.calendar": Method(m.CertificateOf, page.calendar),
        "certificate.save_summary": Method(m.CertificateOf, page.save_summary),
        "certificate.paper": Method(m.CertificateOf, page.paper),
        "certificate.comparables": Method(m.CertificateOf, page.comparables),
        "certificate.compare": Method(CompareWith, lambda p: app.ukeys.comparing.compare(p.token, p.role, p.other)),
        "certificate.compare_file": Method(m.CertificateOf, page.compare_file),
        "certificate.compare_upload": Method(CompareUpload, page.compare_upload),
        "window.reveal_export": Method(m.Nothing, page.reveal_export),
        "window.open_export": Method(m.Nothing, page.open_export),
    }


class _Certificates:
    """The methods that need a line more than a call."""

    def __init__(self, app: App, shell: Shell, papers: Papers) -> None:
        self._app = app
        self._shell = shell
        self._papers = papers
        self._exported: Path | None = None

    def trust(self, which: m.TrustOf) -> TrustView:
        der, others = self._app.ukeys.certificate_der(which.token, which.role)
        return self._app.trust().check(der, others, fresh=which.fresh)

    def export(self, which: m.CertificateOf) -> m.Exported:
        name, der = self._app.ukeys.certificate_file(which.token, which.role)
        return self._save(name, der)

    def file(self, which: m.CertificateOf) -> m.File:
        name, der = self._app.ukeys.certificate_file(which.token, which.role)
        return m.File(name=name, base64=base64.b64encode(der).decode())

    def view(self, which: m.CertificateOf) -> None:
        self._shell.view_certificate(self._app.ukeys.certificate_file(which.token, which.role)[1])

    def save_calendar(self, which: m.CertificateOf) -> m.Exported:
        return self._save(*self._app.ukeys.calendar_file(which.token, which.role))

    def calendar(self, which: m.CertificateOf) -> m.File:
        name, content = self._app.ukeys.calendar_file(which.token, which.role)
        return m.File(name=name, base64=base64.b64encode(content).decode())

    def save_summary(self, which: m.CertificateOf) -> m.Exported:
        name, html = self._summary(which)
        pdf = self._shell.pdf(html)
        # Where no engine of ours makes one, the document itself is saved: the system's browser prints it.
        return self._save(f"{name}.pdf", pdf) if pdf is not None else self._save(f"{name}.html", html.encode())

    def paper(self, which: m.CertificateOf) -> PaperAt:
        from xieka.certificate.summary import POLICY

        return PaperAt(path=self._papers.add(self._summary(which)[1], f"{POLICY}; frame-ancestors 'none'"))

    def comparables(self, which: m.CertificateOf) -> Comparables:
        return Comparables(items=self._app.ukeys.comparing.others(which.token, which.role))

    def compare_file(self, which: m.CertificateOf) -> Comparison | None:
        path = self._shell.ask_certificate()
        if path is None:
            return None
        found = certificates.read_bundle(path)
        return self._app.ukeys.comparing.compare_file(which.token, which.role, path.name, found)

    def compare_upload(self, which: CompareUpload) -> Comparison:
        try:
            data = base64.b64decode(which.base64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise XiekaError("E-CRT-06", path=which.name) from error
        if len(data) > UPLOAD_LIMIT:
            raise XiekaError("E-CRT-07", path=which.name, most=UPLOAD_LIMIT // 1024)
        found = certificates.bundle_of(data, which.name)
        return self._app.ukeys.comparing.compare_file(which.token, which.role, which.name, found)

    def reveal_export(self, _: m.Nothing) -> None:
        self._shell.reveal(self._last_export())

    def open_export(self, _: m.Nothing) -> None:
        self._shell.open_file(self._last_export())

    def _last_export(self) -> Path:
        # Only what this run exported: the page cannot name a path.
        if self._exported is None:
            raise XiekaError("E-WIN-01")
        return self._exported

    def _summary(self, which: m.CertificateOf) -> tuple[str, str]:
        der, others = self._app.ukeys.certificate_der(which.token, which.role)
        trust = self._app.trust().settle(der, others, seconds=SUMMARY_SECONDS)
        return self._app.ukeys.summary_file(which.token, which.role, trust, practice=self._app.profile.practice)

    def _save(self, name: str, content: bytes) -> m.Exported:
        """Ask where to, and write it there. What is written was read before the question: the Ukey may go meanwhile."""
        path = self._shell.ask_save_path(name)
        if path is None:
            return m.Exported(path=None, name=name)
        certificates.write_export(content, path)
        self._exported = path
        return m.Exported(path=str(path), name=path.name)
