"""What the assistant can compute: one module a tool."""
