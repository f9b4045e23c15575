"""Tests: risk.learning."""
