"""Tests: risk.failure."""
