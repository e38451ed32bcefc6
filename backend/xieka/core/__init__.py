"""Foundations every room may use: errors, secrets, events, paths, clock, logging."""
