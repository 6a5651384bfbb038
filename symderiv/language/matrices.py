"""What becomes of matrices written out: their product, transpose and elementwise product.

Here belong the definitions, entry by entry, and nothing that simplifies: a factor 0 or 1 stays,
so that each entry shows where it comes from.  The nodes themselves stand in `arrays`; a matrix
that is only a name is none of these.
"""

from __future__ import annotations

from symderiv.errors import Mistake
from symderiv.language.arrays import Matrix
from symderiv.language.expressions import Expr, Product, Sum
from symderiv.language.patterns import join


def multiply(left: Matrix, right: Matrix) -> Matrix:
    """The product of an n×k and a k×m matrix, n×m: row times column, in written order.

    Raises Mistake where `left` has not as many columns as `right` has rows.

    >>> from symderiv.language.build import symbols
    >>> a, b, x, y = symbols("a b x y")
    >>> print(multiply(Matrix([[a, b]]), Matrix([[x], [-y]])))
    [[a*x + b*(-y)],]
    """
    if left.shape[1] != right.shape[0]:
        raise Mistake(
            f"A {_spoken(left)} matrix is not multiplied by a {_spoken(right)} one: "
            f"it has {left.shape[1]} columns, the other {right.shape[0]} rows."
        )
    columns = transpose(right).rows
    return Matrix([_row_by_column(row, column) for column in columns] for row in left.rows)


def _row_by_column(row: tuple[Expr, ...], column: tuple[Expr, ...]) -> Expr:
    terms = [join(Product, pair) for pair in zip(row, column, strict=True)]
    return terms[0] if len(terms) == 1 else Sum(terms)


def transpose(matrix: Matrix) -> Matrix:
    """The m×n matrix of the rows of an n×m matrix as columns."""
    return Matrix(zip(*matrix.rows, strict=True))


def elementwise(left: Matrix, right: Matrix) -> Matrix:
    """The products of the entries that stand at the same place; Mistake for two shapes."""
    if left.shape != right.shape:
        raise Mistake(
            f"A {_spoken(left)} matrix is not multiplied entry by entry by a {_spoken(right)} one."
        )
    pairs = (zip(*rows, strict=True) for rows in zip(left.rows, right.rows, strict=True))
    return Matrix([join(Product, pair) for pair in row] for row in pairs)


def _spoken(matrix: Matrix) -> str:
    return "{}×{}".format(*matrix.shape)
