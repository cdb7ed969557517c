"""Plumbing without a domain word. A closed list: pyproject.toml names its modules, a stray one fails the build."""
