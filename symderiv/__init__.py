"""Symbolic derivatives derived step by step, each line checked before it is printed."""
