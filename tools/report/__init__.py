"""Results as files: what a report says, how it is drawn, one writer a format."""
