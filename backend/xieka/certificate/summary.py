"""A certificate on one sheet of paper, for a file: what it says, and what was checked about it, when.

One self-contained HTML document without scripts, addresses or pictures; its own policy (CSP) forbids whatever a
hostile certificate might smuggle in. A browser or the window's engine prints it on A4.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from datetime import datetime
from html import escape

import xieka
from xieka.certificate.models import CertificateDetail, ValidityState
from xieka.certificate.trust.models import TrustCheck, TrustView
from xieka.core import messages

_STYLE = """
@page { size: A4 portrait; margin: 15mm 16mm; }
* { box-sizing: border-box; }
html { color-scheme: light; }
body { margin: 0; background: #fff; color: #1a1d23; overflow-wrap: anywhere;
  font: 9.5pt/1.5 "Source Han Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; }
h1 { margin: 0; font-size: 17pt; line-height: 1.3; }
h2 { margin: 4.5mm 0 1mm; font-size: 10.5pt; }
p { margin: 0; }
header { border-bottom: 1.5pt solid #1a1d23; padding-bottom: 2.5mm; }
header p { font-size: 12pt; }
.practice { margin-top: 2mm; padding: 1.5mm 3mm; border: 1pt solid #8a5300; font-weight: bold; }
.verdict { margin-top: 4mm; padding: 2.5mm 3.5mm; border: .75pt solid #6b7280; border-left: 3mm solid #6b7280; }
.verdict b { display: block; font-size: 12pt; }
.ok { border-left-color: #0f7b3a; } .warn { border-left-color: #b26a00; } .bad { border-left-color: #b42318; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .9mm 0; border-bottom: .5pt solid #c4c9d2; text-align: left; vertical-align: top; }
th { width: 36mm; padding-right: 4mm; color: #4a5261; font-weight: normal; }
tr { break-inside: avoid; }
.code { font-family: "Noto Sans Mono", "DejaVu Sans Mono", Consolas, Menlo, monospace; font-size: 7.8pt; }
.checks { font-size: 8.5pt; line-height: 1.4; }
.checks td:nth-child(2) { width: 16mm; }
footer { margin-top: 4mm; color: #4a5261; font-size: 8pt; }
@media screen {
  body { max-width: 210mm; margin: 0 auto; padding: 12mm 16mm; }
  .hint { margin-bottom: 6mm; padding: 2mm 3mm; background: #e7eefa; }
}
@media print { .hint { display: none; } }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"
"""The document's Content-Security-Policy: its own style and nothing else."""

_ORDER = ("failed", "open", "skipped", "passed")
"""What needs attention first."""


def page(certificate: CertificateDetail, trust: TrustView, now: datetime, *, title: str, practice: bool) -> str:
    """The sheet. `title` is what it is called when it is saved; `practice`: it comes from a practice environment."""
    text = messages.text
    mark = f'<p class="practice">{escape(text("summary_practice"))}</p>' if practice else ""
    todo = "" if trust.level == "ok" else f"<p>{escape(trust.do)}</p>"
    still = f"<p>{escape(text('summary_checking'))}</p>" if trust.checking else ""
    rows = "".join(_row(name, value, code=code) for name, value, code in _facts(certificate) if value)
    checks = "".join(_check(name, result, said) for name, result, said in _checks(trust.checks))
    return f"""<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<p class="hint">{escape(text("summary_hint"))}</p>
<header><h1>{escape(text("summary_title"))}</h1><p>{escape(certificate.subject)}</p>{mark}</header>
<main>
<div class="verdict {trust.level}"><b>{escape(trust.what)}</b><p>{escape(trust.why)}</p>{todo}
{still}<p>{escape(text("summary_checked", at=_minute(trust.checked_at)))}</p></div>
<h2>{escape(text("summary_facts"))}</h2>
<table><tbody>{rows}</tbody></table>
<h2>{escape(text("summary_checks"))}</h2>
<table class="checks"><tbody>{checks}</tbody></table>
</main>
<footer>{escape(text("summary_note", version=xieka.__version__, at=_minute(now)))}</footer>
</body>
</html>
"""


def _facts(certificate: CertificateDetail) -> Iterator[tuple[str, str, bool]]:
    """(name, value, it is a code to be read letter by letter)."""
    names = messages.names("comparison_field")
    usages = [*certificate.usages, *certificate.extended_usages]
    if certificate.role is not None:
        usages.insert(0, messages.text(f"label_{certificate.role.value}"))
    yield names["subject"], certificate.subject, False
    yield names["uscc"], certificate.uscc or "", False
    yield names["org_code"], certificate.org_code or "", False
    yield names["kind"], messages.names("certificate_kind")[certificate.kind], False
    yield messages.text("cert_usages"), " · ".join(usages), False
    yield messages.text("cert_validity"), _period(certificate), False
    yield names["issuer"], certificate.issuer, False
    yield names["serial"], _grouped(certificate.serial), True
    yield names["algorithm"], certificate.algorithm, False
    yield names["signature_algorithm"], certificate.signature_algorithm, False
    yield messages.text("cert_sha1"), _grouped(certificate.sha1), True
    yield messages.text("cert_sha256"), _grouped(certificate.sha256), True


def _period(certificate: CertificateDetail) -> str:
    match certificate.state:
        case ValidityState.EXPIRED:
            left = messages.text("summary_past")
        case ValidityState.NOT_YET:
            left = messages.text("summary_not_yet")
        case _ if certificate.days_left == 0:
            left = messages.text("summary_today")
        case _:
            left = messages.text("summary_left", n=certificate.days_left)
    begin, end = _minute(certificate.not_before), _minute(certificate.not_after)
    return f"{messages.text('summary_period', begin=begin, end=end)} · {left}"


def _checks(checks: list[TrustCheck]) -> Iterator[tuple[str, str, str]]:
    """One line for each kind of check and each result it has: (name, result, what was found), the worst first."""
    results = messages.names("trust_result")
    for name in dict.fromkeys(check.name for check in checks):
        for result in _ORDER:
            alike = [check for check in checks if check.name == name and check.result == result]
            if alike:
                yield alike[0].title, results[result], "；".join(map(_said, alike))


def _said(check: TrustCheck) -> str:
    if check.source is None:
        return check.text
    return check.text + messages.text("summary_source", at=_minute(check.at), source=check.source)


def _row(name: str, value: str, *, code: bool) -> str:
    shown = f'<td class="code">{escape(value)}</td>' if code else f"<td>{escape(value)}</td>"
    return f'<tr><th scope="row">{escape(name)}</th>{shown}</tr>'


def _check(name: str, result: str, said: str) -> str:
    return f'<tr><th scope="row">{escape(name)}</th><td>{escape(result)}</td><td>{escape(said)}</td></tr>'


def _grouped(code: str) -> str:
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
