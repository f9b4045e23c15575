"""What every fitted model shares: folds without leaks, figures with intervals, calibration, bins, regularised logistic.

Plain arrays in, plain arrays or JSON out. Nothing here knows what is predicted; `risk.failure` and its siblings do.
"""
