"""Planted faults, each of which must turn the tests red: `python -m tests.mutants` plants them in a copy."""
