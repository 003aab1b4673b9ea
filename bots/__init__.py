"""Chat apps over one dispatcher."""
