"""Tests of oversight.store."""
