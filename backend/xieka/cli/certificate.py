"""`xieka certificate …`"""

from __future__ import annotations

import argparse
import contextlib

from xieka.certificate import service as certificates
from xieka.certificate.models import CertificateDetail, Role
from xieka.cli.output import Output
from xieka.cli.session import open_folders, services
from xieka.core import messages
from xieka.core.clock import SystemClock
from xieka.core.errors import XiekaError


def show(options: argparse.Namespace, output: Output) -> None:
    """Everything a certificate says, from a file or from a Ukey."""
    if (options.file is None) == (options.token is None):
        raise XiekaError("E-CLI-02")
    if options.file is not None:
        # A file can be read where nothing can be written.
        with contextlib.suppress(XiekaError):
            open_folders()
        detail = certificates.detail(certificates.read_file(options.file), SystemClock().now())
    else:
        with services(options) as ukeys:
            detail = ukeys.certificate(options.token, Role(options.role))
    output.data(detail.model_dump(mode="json"), lambda: _text(detail))


def export(options: argparse.Namespace, output: Output) -> None:
    """Write a certificate of a Ukey to a file, byte for byte."""
    with services(options) as ukeys:
        ukeys.export_certificate(options.token, Role(options.role), options.out)
    path = str(options.out.absolute())
    output.data({"path": path}, lambda: messages.text("cli_exported", path=path))


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
