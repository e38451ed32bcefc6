"""A panel of the newer kind (StatusNotifierWatcher on the session bus), just enough for an icon to register."""

from __future__ import annotations

import sys

from PySide6.QtCore import ClassInfo, Property, QCoreApplication, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection


@ClassInfo({"D-Bus Interface": "org.kde.StatusNotifierWatcher"})
class Watcher(QObject):
    StatusNotifierItemRegistered = Signal(str)
    StatusNotifierHostRegistered = Signal()

    @Slot(str)
    def RegisterStatusNotifierItem(self, service: str) -> None:  # noqa: N802 - the name on the bus
        sys.stdout.write(service + "\n")
        sys.stdout.flush()
        self.StatusNotifierItemRegistered.emit(service)

    @Property(bool)
    def IsStatusNotifierHostRegistered(self) -> bool:  # noqa: N802
        return True

    @Property(int)
    def ProtocolVersion(self) -> int:  # noqa: N802
        return 0


def main() -> None:
    application = QCoreApplication([])
    bus = QDBusConnection.sessionBus()
    watcher = Watcher()
    options = QDBusConnection.RegisterOption
    everything = options.ExportAllSlots | options.ExportAllProperties | options.ExportAllSignals
    ready = bus.registerObject("/StatusNotifierWatcher", watcher, everything)
    ready = bus.registerService("org.kde.StatusNotifierWatcher") and ready
    sys.stdout.write(f"{ready}\n")
    sys.stdout.flush()
    application.exec()


if __name__ == "__main__":
    main()
