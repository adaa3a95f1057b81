"""The conversation, free of any platform: events in, messages out."""
