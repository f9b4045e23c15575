"""Tests of the example market."""
