"""The words of every message, in English and Welsh: facts in, blocks out. Pure."""
