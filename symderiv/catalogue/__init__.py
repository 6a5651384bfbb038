"""What symderiv knows: rules, misconceptions, functions, each declared once, as a value.

The types stand in `rule` and `function`, the knowledge in `rules/` and `functions/`;
nothing here applies a rule or differentiates anything.
"""
