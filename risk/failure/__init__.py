"""Likelihood of company failure: a discrete-time hazard fitted on company-years, explained in full."""
