"""The commands that do one thing and end."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime

from xieka.certificate import service as certificates
from xieka.core.errors import XiekaError
from xieka_service import opening
from xieka_service.auth import sessions
from xieka_service.auth.trust import Folder
from xieka_service.cli import say


def publish(options: Namespace) -> int:
    """Check, sign and publish an editor's folder."""
    from xieka_service.content.publish import publish as publish_content

    publish_content(options.source, opening.config(options).data, now=datetime.now(UTC))
    say({"published": str(options.source)})
    return 0


def publisher_sign(options: Namespace) -> int:
    """Sign a publisher's programs on its own computer."""
    from xieka_service.content.publishers.signing import sign_release

    done = sign_release(
        options.source,
        options.name,
        options.keys,
        options.out,
        datetime.now(UTC),
        last_version=options.last_version,
    )
    say(
        {
            "signed": done.changed,
            "version": done.version,
            "programs": done.programs,
            "expires": done.expires.isoformat(),
        }
    )
    return 0


def migrate(options: Namespace) -> int:
    """Bring the database to this program's version."""
    from xieka_service.db.migrate import newest

    parts = opening.open_only(opening.config(options))
    say({"migrated": opening.migrated(parts), "version": newest()})
    return 0


def trust_add(options: Namespace) -> int:
    """Add a trust anchor or an intermediate certificate."""
    config = opening.config(options)
    folder = Folder(config.intermediates if options.intermediate else config.trust)
    try:
        path = folder.add(options.certificate)
    except OSError as error:
        raise XiekaError("E-SRV-04", path=str(config.data)) from error
    say({"added": str(path)})
    return 0


def trust_list(options: Namespace) -> int:
    """One line for each certificate that counts."""
    config, now = opening.config(options), datetime.now(UTC)
    for kind, path in (("anchor", config.trust), ("intermediate", config.intermediates)):
        for one in Folder(path).certificates():
            summary = certificates.summarize(one.der, now)
            say(
                {
                    "kind": kind,
                    "subject": summary.subject,
                    "sha256": one.fingerprint.hex(),
                    "not_after": summary.not_after.isoformat(),
                    "state": summary.state,
                }
            )
    return 0


def content_rotate(options: Namespace) -> int:
    """Replace the key of one role of the signed content; clients follow by the new root."""
    from xieka_service.content.publish import rotate

    rotate(opening.config(options).data, options.role, datetime.now(UTC), keys=options.keys)
    say({"rotated": options.role})
    return 0


def content_renew_root(options: Namespace) -> int:
    """Sign the root of the signed content for another term."""
    from xieka_service.content.publish import renew_root

    say({"root_expires": renew_root(opening.config(options).data, datetime.now(UTC), keys=options.keys).isoformat()})
    return 0


def sessions_revoke(options: Namespace) -> int:
    """End sessions at once."""
    parts = opening.parts(opening.config(options))
    now = parts.clock.now()
    with parts.database.write() as connection:
        if options.all:
            ended = sessions.revoke_all(connection, now)
        else:
            holder = sessions.Holder.of(certificates.read_file(options.certificate), now)
            ended = sessions.revoke_certificate(connection, holder.fingerprint, now)
    say({"ended": ended})
    return 0
