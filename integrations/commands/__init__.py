"""What can be done at the command line."""
