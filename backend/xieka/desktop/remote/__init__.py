"""The window that shows the service's registration page: a stranger's page, kept away from everything of this program.

Linux (Qt) only. On Windows and macOS there is none yet: `Desktop.remote` gives None there, and registration hands the
page to the system's browser (D-05).
"""
