"""Which run of letters or digits is one index, and what a composed index means."""

import pytest

import symderiv as sd
from symderiv.deriving.strategy import derive_expression
from symderiv.errors import Mistake, NoRule
from symderiv.judging.balls import Evaluator, Undefined
from symderiv.judging.points import Setting
from symderiv.judging.primitives import precision
from symderiv.language.build import symbols, total
from symderiv.language.expressions import Expr, Number, Symbol, Transpose
from symderiv.language.indices import GREEK_WORDS, apart, is_index, is_matrix, may_be_mark
from symderiv.language.walks import may_be_same, symbols_in
from symderiv.printing.glyphs import GREEK
from symderiv.printing.sympy import from_sympy, to_sympy

W, x, y, i, j, l, n, T = symbols("W x y i j l n T")  # noqa: E741 (the layer's letter)


@pytest.mark.parametrize("run", ["ij", "jk", "ijk", "pq", "hx", "ab", "IJ"])
def test_letters_of_indices_and_most_pairs_of_letters_are_several(run: str) -> None:
    assert apart(run, matrix=False) == apart(run, matrix=True) == tuple(run)


@pytest.mark.parametrize(
    "run", ["i", "x", "max", "out", "in", "to", "no", "alpha", "pi", "xi", "nu", "yhat", "thetabar"]
)
def test_a_word_a_greek_letter_and_an_accented_one_are_one_index(run: str) -> None:
    assert apart(run, matrix=False) == apart(run, matrix=True) == (run,)


@pytest.mark.parametrize("run", ["1", "11", "12", "123"])
def test_two_digits_are_row_and_column_of_a_matrix_alone(run: str) -> None:
    assert apart(run, matrix=False) == (run,)
    assert apart(run, matrix=True) == (tuple(run) if len(run) == 2 else (run,))


def test_a_matrix_is_one_capital_latin_letter() -> None:
    assert is_matrix("W")
    assert not any(map(is_matrix, ("w", "Theta", "WX", "Ä", "")))


def test_every_greek_name_that_prints_is_one_index() -> None:
    assert set(GREEK) <= GREEK_WORDS


def test_an_index_is_a_number_a_symbol_or_the_two_added() -> None:
    assert all(map(is_index, (Number("1"), i, i.at(1), i + 1, l - 1)))
    assert not any(map(is_index, (i * 2, i + j, -i, 1 + i)))


def test_a_raised_t_or_layer_is_taken_for_a_mark_on_a_name_only() -> None:
    assert all(may_be_mark(W, mark) for mark in (T, l, l - 1, Symbol("L")))
    assert not may_be_mark(Number("2"), T)
    assert not may_be_mark(W, n)


# what x_{i+1} means


def value(expr: Expr, point: int, **chosen: int) -> object:
    evaluator = Evaluator(Setting(), point)
    evaluator.indices = {Symbol(name): Number(str(k)) for name, k in chosen.items()}
    with precision(64):
        return evaluator.value(expr)


@pytest.mark.parametrize("point", range(4))
def test_an_index_is_added_up_when_its_letter_has_a_value(point: int) -> None:
    assert value(x.at(i + 1), point, i=2) == value(x.at(3), point)
    assert value(x.at(i - 3, j), point, i=1, j=2) == value(x.at(-2, 2), point)


def test_the_entries_of_a_sum_are_shifted_by_their_index() -> None:
    assert value(total(x.at(j + 1), j, 1, 2), 1) == value(x.at(2) + x.at(3), 1)


def test_neighbours_are_never_the_same_entry() -> None:
    assert not may_be_same(x.at(i + 1), x.at(i))
    assert may_be_same(x.at(i + 1), x.at(j))
    assert may_be_same(x.at(i + 1), x.at(2))
    assert not may_be_same(x.at(1), x.at(2))


def test_an_entry_counts_as_itself_and_its_index_does_not() -> None:
    assert symbols_in(x.at(i + 1) * y) == (x.at(i + 1), y)


def test_a_derivative_by_a_shifted_entry_is_taken_or_refused_but_never_wrong() -> None:
    assert derive_expression(x.at(i + 1) * x.at(i), x.at(i)).result is x.at(i + 1)
    with pytest.raises(NoRule, match="not counted by j alone"):
        derive_expression(total(x.at(j + 1) ** 2, j, 1, n), x.at(i))


def test_a_shifted_entry_crosses_to_sympy_and_back() -> None:
    shifted = total(x.at(j + 1), j, 1, n)

    assert from_sympy(to_sympy(shifted)) is shifted


# nodes that have no rule yet


@pytest.mark.parametrize(
    ("expr", "variable"), [(Transpose(W) * x, W), (Transpose(x) * x, x)], ids=str
)
def test_what_has_no_rule_yet_is_refused_and_not_guessed(expr: Expr, variable: Symbol) -> None:
    with pytest.raises(NoRule):
        derive_expression(expr, variable)
    with pytest.raises(NoRule):
        to_sympy(expr + 1)


def test_a_transpose_has_no_value() -> None:
    with pytest.raises(Undefined):
        value(Transpose(W) * x, 1)


def test_a_transpose_that_stands_still_cannot_be_checked_and_the_user_is_told() -> None:
    with pytest.raises(Mistake, match="nothing can be checked"):
        str(derive_expression(Transpose(W) * x, x).evidence)


def test_an_index_that_nobody_counts_by_is_part_of_the_name() -> None:
    """w_x and w_h are two weights of a recurrent unit; w_i and w_j may be the same entry."""
    rate = sd.derive("tanh(w_x*x + w_h*h)", wrt="w_h").result

    assert sd.compare(rate, "h*(1 - tanh(w_x*x + w_h*h)^2)").verdict == "equal"
    assert "kronecker(i, j)" in str(sd.derive("w_i*w_j", wrt="w_j").result)
