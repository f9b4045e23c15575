"""Tests: reports.channels."""
