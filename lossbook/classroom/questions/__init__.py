"""How the answers of each assignment are judged: one module for each, named as its chapter."""
