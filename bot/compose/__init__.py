"""Look up what a message needs, and call the wording."""
