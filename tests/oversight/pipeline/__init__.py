"""Tests of oversight.pipeline."""
