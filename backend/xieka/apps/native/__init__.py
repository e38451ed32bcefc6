"""Programs that the platform's own installer puts on the computer, after the platform's own question."""
