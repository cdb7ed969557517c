"""Verbs: each in one transaction with its audit row and its queued mail.

Lock order, everywhere: programme before cohort before person before associate.
"""
