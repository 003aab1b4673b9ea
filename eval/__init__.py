"""Question sets, metrics, runner and report: one more front end."""
