"""Whether a certificate deserves the sentence “可以正常使用”: path, dates, revocation, told in words."""
