"""The laws that symderiv derives with, in families; each law stands beside the slips that bend it.

A module here holds values and nothing else: no `if`, no loop, no function.
"""
