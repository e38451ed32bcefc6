"""Ukeys: who is present, what they hold, their 口令; every vendor module in its own killable process."""
