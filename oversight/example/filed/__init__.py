"""Sets of accounts as documents: composed once, then rendered as inline XBRL, plain XBRL, paper or scan."""
