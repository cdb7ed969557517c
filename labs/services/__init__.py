"""Verbs about the labs."""
