"""Publishing signed content: the editor's folder is checked, signed (TUF) and served."""
