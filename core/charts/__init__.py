"""Pictures drawn from given words and numbers. No sentence is written here, and nothing is decided.

matplotlib is imported only where something is drawn, since it is slow to load and takes a lot of memory.
"""
