"""That a notebook may ask: what is derived shows itself there in every format.

Here belongs only the way to the public face; the pages are made far above this layer.
"""

from __future__ import annotations


class Shown:
    """What Jupyter shows by itself, as a page and as text."""

    def _repr_mimebundle_(self, **_wanted: object) -> dict[str, str]:
        """How Jupyter shows it: the public face knows, which no layer below it may ask."""
        import symderiv  # lazily: pages are made above this layer

        return symderiv.mimebundle(self)  # type: ignore[arg-type]  # those that are shown

    def _repr_html_(self) -> str:
        return self._repr_mimebundle_()["text/html"]

    def _repr_markdown_(self) -> str:
        return self._repr_mimebundle_()["text/markdown"]

    def _repr_latex_(self) -> str | None:
        return self._repr_mimebundle_().get("text/latex")
