"""Handouts that a teacher writes in a few lines: a file is read, varied, and becomes a page.

What a file may say stands in `specification`, where its words stand in `located`, `toml` and
`markdown`; what a page shows is decided in `composing`, what a student's page leaves out in
`withholding`, what each student gets in `parameters` and `drawing`.
"""
