"""Oversight of the children's homes market: the command line, the store and the model.

This file imports nothing, so that the foundation (`oversight.model`) and the roof
(`oversight.cli`) can share a package without a cycle.
"""
