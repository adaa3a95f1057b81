"""One event, one transaction: understand it, load what it needs, decide, apply."""
