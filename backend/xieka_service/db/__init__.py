"""The service's memory: one code path for SQLite and PostgreSQL.

A room keeps its tables in its own `tables.py` on `db.schema.METADATA` and brings one file to `db/migrations/versions`.
"""
