"""The pages beside the conversation: each turns what is asked of it into HTML, on the server."""
