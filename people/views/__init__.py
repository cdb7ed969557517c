"""Pages about people, and of signing in."""
