"""Front ends: terminal, web page, HTTP API, MCP."""
