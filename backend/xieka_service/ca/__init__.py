"""Certificate issuing: the port every certificate authority is reached through, and the embedded one."""
