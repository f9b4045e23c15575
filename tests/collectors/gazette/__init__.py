"""Tests of collectors.gazette."""
