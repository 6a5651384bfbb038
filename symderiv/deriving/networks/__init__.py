"""Networks: named quantities computed one after the other, and gradients that flow back.

A network is a list of statements; nothing is ever substituted into anything else, so
work and pages grow with the number of statements and not with the length of formulas.
"""
