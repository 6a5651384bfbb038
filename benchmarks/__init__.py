"""How long we take beside the peers, on the same inputs: `python -m benchmarks`.

One module a question, each with a function `table()` that measures and returns Markdown.
Here belong inputs and clocks.  No test asserts a time, nothing of symderiv is patched,
and no number in the README is typed by hand.
"""
