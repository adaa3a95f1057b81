"""Look up what a message needs, and have it worded."""
