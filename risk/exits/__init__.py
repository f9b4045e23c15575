"""Homes that leave the register: forecasts from Ofsted's publications, with the model and how good it is."""
