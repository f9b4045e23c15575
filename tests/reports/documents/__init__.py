"""Tests of the model of documents and of what writes it."""
