"""The HTTP service: native API, OpenAI layer, MCP, pages for people."""
