"""The chat platforms, and the two entry points that put everything together: app (HTTP) and cli."""
