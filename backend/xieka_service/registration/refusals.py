"""Why something about a registration is refused."""

from __future__ import annotations

from xieka_service.http.problems import Kind

CODE = Kind("registration.code", 403, "The code is unknown, expired or has been used.")
VISIT = Kind("registration.visit", 403, "There is no visit of the page, or it has ended.")
ORIGIN = Kind("registration.origin", 403, "Only the service's own page may ask this.")
MEDIA_TYPE = Kind("registration.media_type", 415, "The body is not application/json.")
SUBMITTED = Kind("registration.submitted", 409, "This visit's form was received already.")
NOTICE = Kind("registration.notice", 409, "The notice has been changed since it was read.")
FULL = Kind("registration.full", 409, "As many submissions as are kept for one certificate are kept for it.")
KEY = Kind("registration.key", 503, "The key to the records is missing or is not theirs.")
CLOSED = Kind("registration.closed", 503, "The operator has not said who it is: nobody can be asked for anything.")
