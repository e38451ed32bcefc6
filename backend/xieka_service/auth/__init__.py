"""Signing in with the Ukey: challenge, assertion, session."""
