"""Plumbing without a domain word. A closed list of modules: pyproject.toml names them, and a stray one fails the build."""
