"""The sheets of the workbook, one function each: a run in, a sheet out."""
