"""What came in: events, what a button carries, what typed words mean. Knows nothing of the other rooms."""
