"""Tests of collectors."""
