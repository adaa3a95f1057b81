"""The chat platforms, and the two edges that put everything together: app (HTTP) and cli."""
