"""Tests mirror the packages. `python -m tests.check` runs everything that must pass."""
