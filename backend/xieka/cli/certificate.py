"""`xieka certificate …`"""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

from xieka.certificate import service as certificates
from xieka.certificate.comparison import Comparison
from xieka.certificate.models import CertificateDetail, Role
from xieka.certificate.trust.models import TrustView
from xieka.cli.output import Output
from xieka.cli.session import app, open_folders, services, trust_alone
from xieka.core import messages, paths
from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError

CHECK_SECONDS = 60.0
"""How long a command waits for the authorities' answers."""


def show(options: argparse.Namespace, output: Output) -> None:
    """Everything a certificate says, from a file or from a Ukey."""
    if (options.file is None) == (options.token is None):
        raise XiekaError("E-CLI-02")
    if options.file is not None:
        # A file can be read where nothing can be written.
        with contextlib.suppress(XiekaError):
            open_folders()
        now = SystemClock().now()
        details = [certificates.detail(der, now) for der in certificates.read_bundle(options.file)]
    else:
        with services(options) as ukeys:
            details = [ukeys.certificate(options.token, Role(options.role))]
    dumped = [detail.model_dump(mode="json") for detail in details]
    output.data(
        dumped[0] if len(dumped) == 1 else {"certificates": dumped}, lambda: "\n\n".join(_text(one) for one in details)
    )


def check(options: argparse.Namespace, output: Output) -> int:
    """Whether a certificate can be relied on: the verdict, the path, every check.

    Returns 0 when everything is well, 3 when it must not be relied on, 4 when something could not be found out.
    """
    if (options.file is None) == (options.token is None):
        raise XiekaError("E-CLI-02")
    if options.file is not None:
        found = certificates.read_bundle(options.file)
        der = certificates.holders_own(found)
        with trust_alone() as trust:
            view = trust.settle(der, [one for one in found if one != der], seconds=CHECK_SECONDS, fresh=options.fresh)
    else:
        with app(options) as started:
            der, others = started.ukeys.certificate_der(options.token, Role(options.role))
            view = started.trust().settle(der, others, seconds=CHECK_SECONDS, fresh=options.fresh)
    if options.html is not None:
        practice = paths.folders().practice.is_dir()
        _, page = certificates.summary_file(der, view, SystemClock().now(), practice=practice)
        certificates.write_export(page.encode(), options.html)
    output.data(view.model_dump(mode="json"), lambda: _verdict(view))
    return {"ok": 0, "bad": 3}.get(view.level, 4)


def compare(options: argparse.Namespace, output: Output) -> None:
    """How the certificates of two files differ, the older one at the left."""
    with contextlib.suppress(XiekaError):
        open_folders()
    files: list[Path] = [options.first, options.second]
    one, other = (certificates.read_bundle(file) for file in files)
    first = certificates.holders_own(one)
    second = certificates.holders_own(other, certificates.role_of(first))
    found = certificates.compare((files[0].name, first), (files[1].name, second), SystemClock().now())
    output.data(found.model_dump(mode="json"), lambda: _comparison(found))


def export(options: argparse.Namespace, output: Output) -> None:
    """Write a certificate of a Ukey to a file, byte for byte."""
    with services(options) as ukeys:
        ukeys.export_certificate(options.token, Role(options.role), options.out)
    path = str(options.out.absolute())
    output.data({"path": path}, lambda: messages.text("cli_exported", path=path))


def _comparison(found: Comparison) -> str:
    lines = [found.sentence, *found.remarks]
    if found.different:
        count = len(found.different)
        lines += ["", messages.text("cli_compare_different", n=count, left=found.left, right=found.right)]
        lines += [f"  {row.name}\n    - {row.left}\n    + {row.right}" for row in found.different]
    lines += ["", messages.text("cli_compare_same", names="、".join(row.name for row in found.same))]
    lines += ["", messages.text("cli_compare_note")]
    return "\n".join(lines)


def _verdict(view: TrustView) -> str:
    results = messages.names("trust_result")
    lines = [f"{view.subject}: {view.what}", view.why, view.do, "", messages.text("cli_trust_path")]
    for number, entry in enumerate(view.path):
        ends = f"{entry.not_after.astimezone():%Y-%m-%d}"
        lines.append(f"  {'  ' * number}{entry.subject}  {entry.algorithm}  … {ends}  {entry.serial}")
    lines += ["", messages.text("cli_trust_checks")]
    for one in view.checks:
        source = f"  {one.source}" if one.source else ""
        lines.append(f"  [{results[one.result]}] {one.title}: {one.text}  {one.at.astimezone():%H:%M:%S}{source}")
    return "\n".join(lines)


def _text(detail: CertificateDetail) -> str:
    rows = [
        ("cert_subject", detail.subject),
        *(("", f"{name}: {value}") for name, value in detail.subject_fields),
        ("cert_issuer", detail.issuer),
        *(("", f"{name}: {value}") for name, value in detail.issuer_fields),
        ("cert_serial", detail.serial),
        (
            "cert_validity",
            f"{detail.not_before.astimezone():%Y-%m-%d %H:%M:%S} … {detail.not_after.astimezone():%Y-%m-%d %H:%M:%S}",
        ),
        ("cert_days_left", str(detail.days_left)),
        ("cert_algorithm", detail.algorithm),
        ("cert_signature_algorithm", f"{detail.signature_algorithm} ({detail.signature_algorithm_oid})"),
        ("cert_usages", "、".join(detail.usages + detail.extended_usages)),
        *(("", f"{extension.name}: {extension.value}") for extension in detail.extensions),
        ("cert_sha256", detail.sha256),
        ("cert_sha1", detail.sha1),
    ]
    return "\n".join(f"{messages.text(key)}  {value}" if key else f"    {value}" for key, value in rows)
