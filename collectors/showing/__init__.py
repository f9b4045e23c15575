"""Documents as a person sees them, with the very figure marked; nothing that a hostile document holds survives."""
