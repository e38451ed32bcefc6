"""Certificates: parse, describe for people, tell signing from encryption, export."""
