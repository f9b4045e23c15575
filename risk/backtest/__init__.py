"""Back-tests of rules and signals: known cases as scenarios, and lead times of events in a run.

Fitted models are back-tested where they live (`risk.exits.backtest`, `risk.failure.validate`).
"""
