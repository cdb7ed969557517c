"""Clean input about people. Never saves."""
