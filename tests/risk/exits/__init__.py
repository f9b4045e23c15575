"""Tests: risk.exits."""
