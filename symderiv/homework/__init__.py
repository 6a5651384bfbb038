"""Homework: is an answer right, where did a derivation go wrong, and what was believed.

The types of what is said stand in `results`; `answers` judges one answer, `derivations`
judges lines, `diagnosis` looks for the law that was bent.  How a verdict becomes a page
belongs to `documents`.
"""
