"""From derivations to pages: what stands on a page is decided here, spelled by templates.

A template takes no mathematical decision and nothing here differentiates.  Only this
layer and `sites` know Jinja.
"""
