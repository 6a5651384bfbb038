"""Derivations inside other people's pages: a fence in Markdown, a directive, a marker, a call.

Here belongs what a site generator needs from us and nothing that derives: what was asked is
read in `wishes`, made once in `making`, remembered in `keeping`, and the other modules speak
the language of one generator each.  Each generator is an extra: none is imported before it
imports us.
"""
