"""Whether a firm is large, medium, small or micro."""
