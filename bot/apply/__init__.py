"""Apply what was decided, and put the messages it calls for into the outbox."""
