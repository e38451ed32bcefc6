"""What went wrong with a transfer, told in the user's language: name, connection, TLS, proxy, login page, answer."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from xieka.core import text
from xieka.core.errors import XiekaError
from xieka.core.public import NotPublicError
from xieka.core.route import has_route, is_loopback

_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
_EXPIRED, _NOT_YET = 10, 9
"""X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID (openssl-verification-options)."""


class RefusedError(XiekaError):
    """The service answered with an error status. `problem` is the code of its problem details, "" without any."""

    def __init__(self, status: int, problem: str = "", retry_after: int | None = None) -> None:
        code = "E-NET-03" if status >= 500 else "E-NET-12" if status == 429 else "E-NET-11"
        super().__init__(code, detail=problem or str(status))
        self.status = status
        self.problem = problem
        self.retry_after = retry_after


def told(error: BaseException, url: str, proxy: str | None) -> XiekaError:
    """The XiekaError for what a transfer of `url` through `proxy` raised. Looks at the routes, sends nothing but,
    for a certificate nobody trusts, one handshake to learn who issued it."""
    host = urlsplit(url).hostname or ""
    causes = list(_chain(error))
    names = {type(cause).__name__ for cause in causes}
    if proxy and (told_by_proxy := _proxy_error(causes, names, proxy, host)):
        return told_by_proxy
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            if cause.verify_code in (_EXPIRED, _NOT_YET):
                return XiekaError("E-NET-07", host=host)
            return XiekaError("E-NET-06", host=host, issuer=_issuer(url, proxy))
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return XiekaError("E-NET-14", host=host)
    if any(isinstance(cause, NotPublicError) for cause in causes):
        return XiekaError("E-NET-15")
    if not is_loopback(host) and not has_route():
        return XiekaError("E-NET-01")
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return XiekaError("E-NET-04", host=host)
    broken_off = "ProtocolError" in names or any(isinstance(cause, ConnectionResetError) for cause in causes)
    return XiekaError("E-NET-05" if broken_off else "E-NET-03")


def shown_proxy(proxy: str) -> str:
    """Host and port of a proxy: what may be shown and logged; an address from the environment may hold a password."""
    parts = urlsplit(proxy)
    return f"{parts.hostname or ''}:{parts.port or ''}".rstrip(":")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all it came from; urllib3 and requests carry causes in `reason` and in their arguments too."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < 30:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        further = (cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args)
        waiting += [one for one in further if isinstance(one, BaseException)]


def _proxy_error(causes: list[BaseException], names: set[str], proxy: str, host: str) -> XiekaError | None:
    for cause in causes:
        if isinstance(cause, OSError) and (answered := _TUNNEL.search(str(cause))):
            code = "E-NET-09" if answered[1] == "407" else "E-NET-10"
            return XiekaError(code, proxy=shown_proxy(proxy), host=host)
    return XiekaError("E-NET-08", proxy=shown_proxy(proxy)) if "ProxyError" in names else None


def _issuer(url: str, proxy: str | None) -> str:
    """Who issued the certificate that was not trusted; "?" when it cannot be had."""
    # Imported here: wanted in this one case only.
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    from xieka.core.tls import handshake

    try:
        with handshake(url, proxy, _unverified()) as connection:
            issuer = x509.load_der_x509_certificate(connection.sock.getpeercert(True) or b"").issuer
        names = [issuer.get_attributes_for_oid(oid) for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)]
    except Exception:  # noqa: BLE001 — an ornament of a message; the certificate is a stranger's and may be anything
        return "?"
    return next((text.plain(str(found[0].value))[:60] for found in names if found), "?")


def _unverified() -> ssl.SSLContext:
    """For looking at a certificate only: nothing is sent over such a connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
