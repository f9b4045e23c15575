"""Rendering a run: workbook, files, alerts. Never computes a figure."""
