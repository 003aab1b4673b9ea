"""Which support a firm can apply for, and how much at most."""
