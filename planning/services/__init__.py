"""Verbs about plans."""
