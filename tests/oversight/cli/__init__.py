"""Tests of oversight.cli."""
