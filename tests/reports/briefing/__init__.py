"""Tests of briefings, warning packs and bulletins."""
