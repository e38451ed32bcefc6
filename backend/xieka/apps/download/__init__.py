"""Packages on their way: resumable downloads of signed targets."""
