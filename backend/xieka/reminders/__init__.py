"""Reminders of certificates that end: once per step and certificate, and never of a Ukey that is not there."""
