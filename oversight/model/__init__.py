"""Times, ids, tables, evidence, judgements and the assessment. Pure: imports nothing of ours but errors."""
