"""The verbs of recruitment and selection.

Lock order everywhere: cohort before places before nomination before person.
"""
