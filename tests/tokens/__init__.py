"""Tokens for tests: SoftHSM in a temporary folder (softhsm.py) and a shim that makes it misbehave (shim.py, shim.c)."""
