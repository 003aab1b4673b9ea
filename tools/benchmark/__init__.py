"""How a firm compares with those that surveys asked."""
