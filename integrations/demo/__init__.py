"""The demo: one invented partnership, people one can be, and a clock that can be moved forward."""
