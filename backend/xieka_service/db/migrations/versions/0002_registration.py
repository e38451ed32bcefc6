"""用户注册: visits, sealed records, their keys, consents that are only added to, what is still to be erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_SQLITE = """
CREATE TRIGGER registration_consents_{name} BEFORE {name} ON registration_consents
BEGIN SELECT RAISE(ABORT, 'registration_consents is only added to'); END
"""
_POSTGRESQL = (
    """
    CREATE FUNCTION registration_consents_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'registration_consents is only added to'; END $$
    """,
    """
    CREATE TRIGGER registration_consents_refuse BEFORE UPDATE OR DELETE ON registration_consents
    FOR EACH STATEMENT EXECUTE FUNCTION registration_consents_refuse()
    """,
)


def upgrade() -> None:
    """Create the tables and the triggers."""
    op.create_table(
        "visits",
        sa.Column("code_sha256", sa.LargeBinary, nullable=False),
        sa.Column("token_sha256", sa.LargeBinary),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("keep_until", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("submission", sa.String(36)),
        sa.PrimaryKeyConstraint("code_sha256", name="pk_visits"),
        sa.UniqueConstraint("token_sha256", name="uq_visits_token_sha256"),
    )
    op.create_index("ix_visits_fingerprint", "visits", ["fingerprint"])
    op.create_index("ix_visits_expires_at", "visits", ["expires_at"])
    op.create_table(
        "registrations",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("submission", sa.String(36), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("notice", sa.String(20), nullable=False),
        sa.Column("submitted_at", sa.BigInteger, nullable=False),
        sa.Column("corrected_at", sa.BigInteger),
        sa.Column("keep_until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
        sa.UniqueConstraint("submission", name="uq_registrations_submission"),
    )
    op.create_index("ix_registrations_fingerprint", "registrations", ["fingerprint"])
    op.create_index("ix_registrations_keep_until", "registrations", ["keep_until"])
    op.create_table(
        "registration_keys",
        sa.Column("registration", sa.String(36), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("registration", name="pk_registration_keys"),
    )
    op.create_table(
        "registration_consents",
        sa.Column("registration", sa.String(36), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("notice", sa.String(20), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("registration", "number", name="pk_registration_consents"),
        sa.CheckConstraint("number > 0", name="ck_registration_consents_number"),
    )
    op.create_table(
        "registration_erasures",
        sa.Column("id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registration_erasures"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name in ("UPDATE", "DELETE"):
            op.execute(_SQLITE.format(name=name))
        return
    for statement in _POSTGRESQL:
        op.execute(statement)
