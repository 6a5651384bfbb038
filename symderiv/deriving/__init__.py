"""From a question to a derivation: strategy, laws at work, simplification, evidence.

The rules are values of the catalogue; here is what applies them.  Nothing here prints.
"""
