"""Expressions as they are written, the names in them, their places, and patterns over them.

This is the bottom of the house: it knows no rule, no reader, no printer but the
plain spelling of an expression, and nothing of SymPy or FLINT.
"""
