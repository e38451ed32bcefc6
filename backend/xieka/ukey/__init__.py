"""Ukey 管理: the user's Ukeys as the page and the command line show them."""
