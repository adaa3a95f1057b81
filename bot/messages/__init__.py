"""What can be said, as data: references to messages (ids), blocks, plain text, languages."""
