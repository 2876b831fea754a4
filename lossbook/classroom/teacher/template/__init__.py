"""A small assignment to begin from: its notebook, its questions and its bank.

`python -m lossbook.classroom new NAME` copies the three to their places.
"""
