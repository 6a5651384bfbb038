"""Expressions as text for people: LaTeX, MathML Core, one line of Unicode,
and rows of letters for pictures.

A printer spells what stands in the tree and decides nothing about mathematics: it
never reorders, never simplifies, never evaluates.  What the printers share (where
brackets stand, which product needs a sign) is in `layout`, how names look in `glyphs`.
"""
