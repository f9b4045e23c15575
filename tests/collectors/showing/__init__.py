"""Tests: collectors.showing."""
