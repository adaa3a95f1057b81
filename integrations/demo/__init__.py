"""The demo: one invented partnership, people to play, and a clock that can be moved forward."""
