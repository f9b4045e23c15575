"""Hostile and damaged accounts, made from real ones, read in a process that is watched."""
