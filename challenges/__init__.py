"""Themes and challenge projects."""
