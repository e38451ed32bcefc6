"""Versions of the schema, written by hand and numbered; once released, a file never changes."""
