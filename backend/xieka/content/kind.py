"""What kinds of entry lead out of the program. By itself, so that the start needs none of the content's models."""

from __future__ import annotations

from typing import Literal

LinkKind = Literal["hall", "catalog"]
"""Entries that can be kept in 我的应用."""
Kind = LinkKind | Literal["announcement", "picture", "agent", "map", "saved"]
