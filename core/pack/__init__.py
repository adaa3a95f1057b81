"""The meeting pack: slides and a document for the meeting, made from words and pictures that are given.

No sentence is written here, and nothing is decided. The libraries are imported where a file is made and nowhere else.
"""
