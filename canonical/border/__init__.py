"""The border: what comes in by HTTP, and how it is told from a forgery;
and what we sign ourselves."""
