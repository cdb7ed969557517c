# A list of names; what they do is in chores/ (python3 chores run does the same without make).
PYTHON ?= python3

help run test faults check bench setup lock messages clean:
	@exec $(PYTHON) chores $@

.PHONY: help run test faults check bench setup lock messages clean
