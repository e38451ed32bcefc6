"""Publishers of programs: what one signs on its own computer, and what the operator takes over from it."""
