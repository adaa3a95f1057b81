"""What each picture of a report shows, and the words for those who can't see it."""
