"""What comes from outside: in this release only whether the computer is on a network."""
