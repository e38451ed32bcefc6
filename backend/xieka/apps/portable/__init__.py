"""Programs that are folders of their own: installed, kept whole and removed without the system's help."""
