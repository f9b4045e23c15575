"""Tests of collectors.accounts."""
