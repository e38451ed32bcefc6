"""Implementations of `protocol.TokenModule`; they run inside worker processes only."""
