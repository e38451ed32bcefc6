"""用户注册: who has been asked, and what was sent."""
