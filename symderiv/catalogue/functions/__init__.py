"""The functions that symderiv knows, in families: value, slope, names, remarks.

A module here holds values and nothing else: no `if`, no loop, no `def`.
"""
