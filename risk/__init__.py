"""Judging evidence: ratios, signals, scorecard, exposure, register entries. Pure."""
