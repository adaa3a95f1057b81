"""The clock, what is due, and delivery."""
