"""The user's settings and the operator profile."""
