"""The meeting pack: slides and a document for the meeting, made from given words and pictures.

No sentence is written here, and nothing is decided. The libraries are imported only where a file is made.
"""
