"""The inverse functions of a first course, each by the function that it turns round."""

from symderiv.catalogue.functions.hyperbolic import sinh
from symderiv.catalogue.functions.trigonometric import cos, sin, tan
from symderiv.catalogue.inverse import Inverse
from symderiv.catalogue.rules.identities import (
    cosine_from_the_sine,
    hyperbolic_cosine_from_the_sine,
    secant_from_the_tangent,
    sine_from_the_cosine,
)
from symderiv.language.build import PI, exp
from symderiv.language.expressions import Number, Relation

arcsine = Inverse(
    name="arcsin",
    words="the arcsine",
    of=lambda y: sin(y),
    branch=lambda y: Relation((-PI / 2, y, PI / 2), ("<", "<")),
    identities=(cosine_from_the_sine,),
)

arccosine = Inverse(
    name="arccos",
    words="the arccosine",
    of=lambda y: cos(y),
    branch=lambda y: Relation((Number("0"), y, PI), ("<", "<")),
    identities=(sine_from_the_cosine,),
)

arctangent = Inverse(
    name="arctan",
    words="the arctangent",
    of=lambda y: tan(y),
    branch=lambda y: Relation((-PI / 2, y, PI / 2), ("<", "<")),
    identities=(secant_from_the_tangent,),
)

logarithm = Inverse(name="log", words="the logarithm", of=exp)

inverse_hyperbolic_sine = Inverse(
    name="arcsinh",
    words="the inverse hyperbolic sine",
    of=lambda y: sinh(y),
    identities=(hyperbolic_cosine_from_the_sine,),
)

INVERSES = {
    entry.name: entry
    for entry in (arcsine, arccosine, arctangent, logarithm, inverse_hyperbolic_sine)
}
"""The entries by name."""
