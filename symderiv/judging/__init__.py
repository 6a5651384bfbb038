"""Are two expressions equal on a domain?  Answers that can be relied on, never a guess.

So far: rigorous evaluation (`balls`) at exact points inside the domain (`points`).
Nothing here knows a rule of differentiation: that is what makes it a referee.
"""
