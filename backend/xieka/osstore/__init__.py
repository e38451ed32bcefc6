"""导入签名证书: a signing certificate is made known to the operating system, visibly and reversibly (REQ-122)."""
