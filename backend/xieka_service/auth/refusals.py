"""Why signing in is refused: the codes a client can act on, and no more than that."""

from __future__ import annotations

from xieka_service.http.problems import Kind

ASSERTION = Kind("auth.assertion", 401, "The assertion is not one this service accepts.")
CHALLENGE = Kind("auth.challenge", 401, "The challenge is unknown, expired or has been answered.")
CERTIFICATE_DATES = Kind("auth.certificate_dates", 401, "The certificate is not valid today.")
CERTIFICATE_USAGE = Kind("auth.certificate_usage", 401, "The certificate is not one for signing.")
CERTIFICATE_REVOKED = Kind("auth.certificate_revoked", 401, "The certificate has been revoked.")
CERTIFICATE_UNTRUSTED = Kind("auth.certificate_untrusted", 401, "No authority this service trusts vouches for it.")
SESSION = Kind("auth.session", 401, "There is no session, or it has ended.")
