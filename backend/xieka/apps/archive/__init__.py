"""Portable packages: judged as hostile, unpacked into a folder of their own."""
