"""The native side: window, tray, single instance, dialogs. Knows the rooms below it, never the bridge."""
