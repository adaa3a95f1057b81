"""What is to be said, put into words: from what is known at this moment to the blocks of a message. Pure."""
