"""The nodes of matrix notation, and what becomes of matrices when they are multiplied.

The referee of the arithmetic is SymPy's own `Matrix`, which shares no code with ours.
"""

from __future__ import annotations

import copy
import pickle

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import symderiv as sd
from symderiv.deriving.likeness import Alike
from symderiv.deriving.strategy import derive_expression
from symderiv.errors import Mistake, NoRule
from symderiv.language.arrays import Elementwise, Matrix
from symderiv.language.build import symbols
from symderiv.language.expressions import Apply, Expr, Head, Negative, Prime, Symbol, Transpose
from symderiv.language.matrices import elementwise, multiply, transpose
from symderiv.language.patterns import letters, match
from symderiv.language.walks import replace, substitute, symbols_in
from symderiv.printing.sympy import to_sympy

a, b, c, x, y, z, w = symbols("a b c x y z w")
ENTRIES = st.sampled_from([*symbols("a b c x y z"), Negative(a), a + b, a * b, x**2, a / b])


def matrices(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    row = st.lists(ENTRIES, min_size=columns, max_size=columns)
    return st.lists(row, min_size=rows, max_size=rows).map(Matrix)


def theirs(matrix: Matrix) -> sympy.Matrix:
    return sympy.Matrix([[to_sympy(entry) for entry in row] for row in matrix.rows])


def same(ours: Matrix, other: sympy.Matrix) -> bool:
    return ours.shape == other.shape and (theirs(ours) - other).expand().is_zero_matrix is True


# what a matrix is


@pytest.mark.parametrize("rows", [[], [[]], [[a, b], [c]], [[a], [b, c], [x]]])
def test_rows_are_of_one_length_and_not_empty(rows: list[list[Expr]]) -> None:
    with pytest.raises(Mistake, match="of one length"):
        Matrix(rows)


def test_equal_matrices_are_one_object_and_others_are_not() -> None:
    assert Matrix([[a, b], [c, x]]) is Matrix(((a, b), (c, x)))
    assert Matrix([[a, b, c]]) is not Matrix([[a], [b], [c]])
    assert Elementwise((a, b)) is not Elementwise((b, a))
    assert Elementwise((a, b)) is not a * b


def test_a_matrix_keeps_its_shape_when_a_part_is_replaced_copied_or_pickled() -> None:
    wide, tall = Matrix([[a, b, c], [x, y, z]]), Matrix([[a, b], [c, x], [y, z]])

    for matrix in (wide, tall, Elementwise((wide, tall, a))):
        assert pickle.loads(pickle.dumps(matrix)) is matrix  # noqa: S301 (our own bytes)
        assert copy.deepcopy(matrix) is matrix
        assert substitute(substitute(matrix, {a: w}), {w: a}) is matrix
    assert replace(tall, (3,), w) is Matrix([[a, b], [c, w], [y, z]])
    assert symbols_in(tall) == (a, b, c, x, y, z)


def test_a_pattern_of_one_shape_does_not_match_another() -> None:
    p, q = letters("p q")

    assert match(Matrix([[p, q]]), Matrix([[a, b]])) == {"p": a, "q": b}
    assert match(Matrix([[p, q]]), Matrix([[a], [b]])) is None
    assert match(Elementwise((p, q)), Elementwise((a, b))) == {"p": a, "q": b}
    assert match(Elementwise((p, q)), a * b) is None


# arithmetic


@given(st.data(), *[st.integers(1, 4)] * 3)
def test_a_product_has_the_entries_that_sympy_finds(
    data: st.DataObject, n: int, k: int, m: int
) -> None:
    left, right = data.draw(matrices(n, k)), data.draw(matrices(k, m))

    assert same(multiply(left, right), theirs(left) * theirs(right))


@given(st.data(), st.integers(1, 4), st.integers(1, 4))
def test_transpose_and_elementwise_product_have_the_entries_that_sympy_finds(
    data: st.DataObject, n: int, m: int
) -> None:
    left, right = data.draw(matrices(n, m)), data.draw(matrices(n, m))
    product = sympy.matrix_multiply_elementwise(theirs(left), theirs(right))

    assert same(elementwise(left, right), product)
    assert same(transpose(left), theirs(left).T)


def test_nothing_is_simplified_and_one_term_is_no_sum() -> None:
    zero, one = sd.read("0"), sd.read("1")

    assert str(multiply(Matrix([[zero, one]]), Matrix([[x], [y]]))) == "[[0*x + 1*y],]"
    assert str(multiply(Matrix([[x], [y]]), Matrix([[a, b]]))) == "[[x*a, x*b], [y*a, y*b]]"


def test_shapes_that_do_not_fit_are_both_named() -> None:
    wide, square = Matrix([[a, b, c], [x, y, z]]), Matrix([[a, b], [c, x]])

    with pytest.raises(Mistake, match=r"2×3 .* 2×2 .* 3 columns, the other 2 rows"):
        multiply(wide, square)
    with pytest.raises(Mistake, match=r"2×3 .* 2×2"):
        elementwise(wide, square)


def test_the_error_of_a_layer_goes_backwards_as_nielsen_writes_it() -> None:
    """BP2 of Nielsen's book, δ¹ = (W²)ᵀδ² ⊙ f′(z¹), for two hidden neurons and one output."""

    def slope(u: Expr) -> Expr:
        return Prime(Head("f"), 1, u)

    weights = Matrix([[symbol.at(1, k) for k in (1, 2)] for symbol in (Symbol("W"),)])
    delta = Matrix([[Symbol("delta")]])
    slopes = Matrix([[slope(z.at(1))], [slope(z.at(2))]])
    found = elementwise(multiply(transpose(weights), delta), slopes)

    assert str(found) == "[[W[1,1]*delta*f'(z_1)], [W[1,2]*delta*f'(z_2)]]"


# what the rest of the house makes of them


@pytest.mark.parametrize("text", ["hadamard(x, b)", "[[x, b]]", "hadamard(f(x), [[x],])"])
def test_no_rule_differentiates_them(text: str) -> None:
    with pytest.raises(NoRule, match=r"an elementwise|a matrix"):
        derive_expression(sd.read(text), x)
    with pytest.raises(NoRule):
        to_sympy(sd.read(text))


def test_an_elementwise_product_that_stands_still_is_a_constant() -> None:
    derived = derive_expression(sd.read("x^2*hadamard(a, b)"), x)

    assert sd.compare(derived.result, "2*x*hadamard(a, b)").verdict != "different"
    assert "24 points" in str(derived.evidence)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hadamard(a, b)", "a*b"),  # of vectors only the first has a meaning
        ("hadamard(a, b)", "hadamard(b, a)"),
        ("[[a],]", "a"),
        ("[[a, b]]", "[[b, a]]"),
        ("[[a], [b]]", "[[a, b]]"),
        ("[[a, b]] + x", "x + [[a, b]]"),
    ],
)
def test_nothing_about_matrices_is_claimed_that_is_not_proved(one: str, other: str) -> None:
    verdict = sd.compare(one, other)

    assert verdict.verdict == "undecided"
    assert "is not proved" in verdict.reason


def test_of_numbers_the_elementwise_product_is_the_product() -> None:
    """A wrong one is found by its value, and the witness says where."""
    verdict = sd.compare("hadamard(a, b)", "a + b")

    assert verdict.verdict == "different"
    assert str(verdict.witness["a"] * verdict.witness["b"]) == verdict.values[0]


def test_what_is_alike_but_for_the_shape_is_not_alike() -> None:
    alike = Alike()

    assert alike(Matrix([[a, b]])) == alike(Matrix([[a, b]]))
    assert alike(Matrix([[a, b]])) != alike(Matrix([[a], [b]]))


@pytest.mark.parametrize(
    ("count", "fits"), [(64, True), (65, False)], ids=["64 rows are read", "65 are too many"]
)
def test_a_matrix_that_is_typed_has_a_limit(count: int, fits: bool) -> None:
    for text in (
        "[" + ", ".join(["[x]"] * count) + "]",
        "[[" + ", ".join("x" * count) + "]]",
        r"\begin{bmatrix}" + r"\\".join("x" * count) + r"\end{bmatrix}",
        r"\begin{bmatrix}" + "&".join("x" * count) + r"\end{bmatrix}",
    ):
        if fits:
            assert isinstance(sd.read(text), Matrix)
        else:
            with pytest.raises(sd.Unreadable, match="at most 64"):
                sd.read(text)


def test_sigma_of_a_transposed_column_reads_back_from_both_spellings() -> None:
    expr = Apply(Head("f"), (Transpose(Matrix([[x], [y]])),))

    assert sd.read(str(expr)) is expr
    assert sd.read(r"f\left(\begin{bmatrix} x \\ y \end{bmatrix}^{\top}\right)") is expr
