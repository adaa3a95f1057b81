"""What an event changes and what is said to it: turn state and event in, changes and message references out. Pure."""
