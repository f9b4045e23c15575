"""Tests of oversight.model."""
