"""协卡助手: the desktop client. Rooms and arrows are described in build/docs/architecture.md."""

__version__ = "0.1.0"
