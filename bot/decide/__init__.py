"""Decide what an event changes and what to reply: turn state and event in, changes and message references out. Pure."""
