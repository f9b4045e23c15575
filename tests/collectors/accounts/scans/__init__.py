"""Tests: collectors.accounts.scans."""
