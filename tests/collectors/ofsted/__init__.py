"""Tests of collectors.ofsted."""
