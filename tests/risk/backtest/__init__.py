"""Tests: risk.backtest."""
