"""The online service of 协卡助手."""
