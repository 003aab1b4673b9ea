"""How a firm compares with those that surveys asked."""

OTHER = "别的"
"""The indicator of a comparison that no survey has figures for."""
