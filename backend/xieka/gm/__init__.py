"""Chinese cryptography: SM2, SM3, SM4, signed messages, and the identifiers of Chinese organisations."""
