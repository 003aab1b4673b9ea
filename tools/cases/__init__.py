"""The enterprise cases."""
