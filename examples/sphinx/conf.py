"""Build it with `sphinx-build -W -b html . _build`."""

project = "Derivatives of deep learning"
extensions = ["symderiv.sites.sphinx"]
exclude_patterns = ["_build"]
html_theme = "alabaster"
symderiv_quiz_script = True
