"""Tests: risk.replace."""
