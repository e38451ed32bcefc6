"""我的应用: what the user has collected."""
