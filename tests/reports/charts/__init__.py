"""Tests: reports.charts."""
