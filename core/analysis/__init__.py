"""What the scores of a cycle add up to, and how much of it may be published; explained in ``docs/analysis.md``.

Each formula is a module of pure functions on ``SchoolScores``; a number leaves this package only through
``core.analysis.disclosure``.
"""
