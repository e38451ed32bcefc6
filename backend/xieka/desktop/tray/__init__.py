"""The tray icon: one face (model.py), one file per way of drawing it."""
