"""Keep what was decided, and put what is to be said into the outbox."""
