"""The window that shows a page of the online service: a stranger's page, kept away from everything of this program."""
