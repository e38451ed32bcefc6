"""用户注册: what people tell about themselves of their own will, encrypted, and gone when they say so."""
