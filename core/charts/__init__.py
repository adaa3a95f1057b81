"""Pictures, drawn from words and numbers that are given. No sentence is written here, and nothing is decided.

matplotlib is imported where something is drawn and nowhere else, since it takes long to load and much memory.
"""
