"""How much one notice gives: its own rules, read and worked out for what a question says."""
