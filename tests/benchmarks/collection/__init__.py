"""What collecting promises, measured: see `__main__`."""
