"""What the scores of a cycle add up to, and what of it may be published. ``docs/analysis.md`` explains it to people.

Each formula is a module of pure functions on ``SchoolScores``; a number leaves this package only through
``core.analysis.disclosure``.
"""
