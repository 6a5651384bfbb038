"""What a page says of a network: its statements, its numbers, its gradients, one passage each.

Everything here is laid out from what `deriving.networks` found; words are the page's
furniture, formulas and numbers come out of the engine.  How one gradient is followed along
its path stands in `flowing`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from symderiv.deriving.networks.differences import (
    CENTRAL,
    SCHEMES,
    Measured,
    difference,
    measured,
    straddled,
)
from symderiv.deriving.networks.matrices import forward_equations, matrix_forms, whole
from symderiv.deriving.networks.network import Layer, Network
from symderiv.deriving.networks.numbers import Real, magnitude, minus, rounded
from symderiv.deriving.networks.values import Batch, Values
from symderiv.documents.document import (
    Block,
    Formulas,
    Known,
    Paragraph,
    Passage,
    Prose,
    Table,
)
from symderiv.language.arrays import Matrix
from symderiv.language.build import symbol, symbols
from symderiv.language.domains import number
from symderiv.language.expressions import (
    Derivative,
    Expr,
    IndexedSum,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Relation,
    Symbol,
)
from symderiv.language.walks import size, substitute, symbols_in

DIGITS = 3
_MOST_STATEMENTS = 24  # that are written out one by one
_MOST_ROWS = 24
_MOST_SIZES = 8  # layers whose sizes are listed
_LONGEST = 40  # nodes of a formula into which numbers are put
_LARGEST = 6  # rows and columns of a matrix of numbers
_EPSILON = Fraction(1, 100)
_STEP = Fraction(1, 10**5)


def equation(*sides: Expr) -> Relation:
    """Two or more equal sides as one formula."""
    return Relation(sides, ("=",) * (len(sides) - 1))


# --- the network -----------------------------------------------------------------------------


def network_passage(network: Network, notation: str = "") -> Passage:
    """What is computed: in vectors where there are layers, statement by statement where few.

    `notation` asks for one of them, `matrix` or `index`; vectors are for layers alone.
    """
    blocks: list[Block] = [Paragraph(tuple(_shape(network)))]
    vectors = bool(network.layers) and notation != "index"
    if vectors:
        blocks.append(Formulas(tuple(_in_vectors(network, alone=notation == "matrix"))))
    if len(network.statements) <= _MOST_STATEMENTS and not (vectors and notation == "matrix"):
        if vectors:
            blocks.append(Paragraph(("Entry by entry:",)))
        lines = [equation(name, body) for name, body in network.statements.items()]
        blocks.append(Formulas(tuple(lines)))
    given = tuple(_given(network))
    if given:
        blocks += [Paragraph(("The numbers:",)), Formulas(given[:_MOST_STATEMENTS])]
    if len(given) > _MOST_STATEMENTS:
        left = len(given) - _MOST_STATEMENTS
        blocks.append(Paragraph((f"and {left} more, as they stand in the network's file.",)))
    blocks += [Paragraph((Known(remark),)) for remark in network.remarks]
    return Passage("network", "The network", tuple(blocks))


def _in_vectors(network: Network, *, alone: bool) -> Iterator[Relation]:
    """The layers in vectors; and what follows on them, such as the loss, if they stand alone."""
    equations = [line for layer in network.layers for line in forward_equations(layer)]
    few = len(equations) <= _MOST_STATEMENTS
    yield from equations if few else [*equations[:4], *equations[-2:]]
    if alone:
        inside = {s for layer in network.layers for s in (*layer.before, *layer.after)}
        others = [equation(s, body) for s, body in network.statements.items() if s not in inside]
        yield from others[-_MOST_STATEMENTS:]


def _shape(network: Network) -> Iterator[str | Expr]:
    layers = network.layers
    if not layers:
        count = len(network.statements)
        yield f"{count} quantities are computed one after the other; the last is "
        yield network.loss
        yield "."
        return
    sizes = " → ".join(_shortened([layers[0].shape[1], *(la.shape[0] for la in layers)]))
    weights = sum(la.shape[0] * la.shape[1] for la in layers)
    biases = sum(la.shape[0] for la in layers)
    yield f"{len(layers)} dense layer{'s' * (len(layers) > 1)}, {sizes} units, with "
    yield f"{weights} weights and {biases} biases; a matrix of weights has one row per unit and "
    yield "one column per input. The loss "
    yield network.loss
    yield " compares the output with the target."


def _shortened(sizes: list[int]) -> list[str]:
    """The sizes of the layers, the middle ones left out where they are many."""
    listed = [str(size) for size in sizes]
    return listed if len(listed) <= _MOST_SIZES else [*listed[:4], "…", *listed[-2:]]


def _given(network: Network) -> Iterator[Relation]:
    """Inputs, targets and parameters with their numbers, as vectors and matrices."""
    families: list[Sequence[Sequence[Symbol]]] = [[[s] for s in network.inputs]]
    for layer in network.layers:
        families += [layer.weights, [[b] for b in layer.bias]]
    families.append([[s] for s in network.targets])
    seen: set[Symbol] = set()
    for rows in families:
        entries = [s for row in rows for s in row]
        seen.update(entries)
        if entries and all(s in network.values for s in entries):
            yield from _family(rows, network)
    yield from (equation(s, number(v)) for s, v in network.values.items() if s not in seen)


def _family(rows: Sequence[Sequence[Symbol]], network: Network) -> Iterator[Relation]:
    if len(rows) > _LARGEST or len(rows[0]) > _LARGEST:
        return
    values = [[decimal(network.values[s]) for s in row] for row in rows]
    if len(rows) == len(rows[0]) == 1:
        yield equation(rows[0][0], values[0][0])
    else:
        yield equation(whole([s for row in rows for s in row]), Matrix(values))


def decimal(value: Fraction) -> Expr:
    """A given number as it is typed: 0.5, or a fraction where no decimal ends."""
    size_ = abs(value)
    for digits in range(31):
        if (size_ * 10**digits).denominator == 1:
            whole_, rest = divmod(int(size_ * 10**digits), 10**digits)
            shown: Expr = Number(f"{whole_}.{rest:0{digits}d}" if digits else str(whole_))
            return Negative(shown) if value < 0 else shown
    return number(value)


# --- numbers ---------------------------------------------------------------------------------


def with_numbers(expr: Expr, known: dict[Symbol, Real], digits: int) -> Prose:
    """A formula with rounded numbers for its quantities; a dash where it would say nothing."""
    if isinstance(expr, Symbol) or size(expr) > _LONGEST:
        return ("—",)
    used = [s for s in symbols_in(expr) if s in known]
    return (substitute(expr, {s: rounded(known[s], digits) for s in used}),)


def forward_passage(values: Values, digits: int) -> Passage:
    """Each quantity with the numbers put in, from the inputs to the loss."""
    network, forward = values.network, values.forward
    names = [s for s in network.statements if s in network.matters]
    rows = [
        (
            (name,),
            (network.statements[name],) if size(network.statements[name]) <= _LONGEST else ("…",),
            with_numbers(network.statements[name], forward, digits),
            (rounded(forward[name], digits),),
        )
        for name in _sampled(names)
    ]
    head: tuple[Prose, ...] = (("Quantity",), ("Formula",), ("With numbers",), ("Value",))
    return Passage(
        "forward", "Forward pass", (Table(head, _with_gap(rows, len(names)), _rounding(digits)),)
    )


def _rounding(digits: int) -> Prose:
    return (f"Computed exactly or to hundreds of bits, and rounded to {digits} decimals here.",)


def _sampled(names: Sequence[Symbol]) -> list[Symbol]:
    """All of them, or the first and the last where there are too many rows."""
    if len(names) <= _MOST_ROWS:
        return list(names)
    return [*names[: _MOST_ROWS // 2], *names[-_MOST_ROWS // 2 :]]


def _with_gap(rows: Sequence[tuple[Prose, ...]], count: int) -> tuple[tuple[Prose, ...], ...]:
    """The rows, with one of dots in the middle where there are more than are shown."""
    if len(rows) == count:
        return tuple(rows)
    middle = len(rows) // 2
    return (*rows[:middle], tuple(("⋮",) for _ in rows[0]), *rows[middle:])


# --- gradients -------------------------------------------------------------------------------


def gradients_passage(values: Values, digits: int) -> Passage:
    """Every gradient: its formula from the backward pass, its number, a finite difference."""
    network = values.network
    moving = [*network.parameters, *(s for s in network.inputs if s in network.matters)]
    moving = [s for s in moving if s in values.gradients]
    blocks: list[Block] = [Paragraph(tuple(_names_of_deltas(network)))]
    deltas = tuple(_deltas(values))
    blocks.append(Formulas(deltas[: _MOST_STATEMENTS // 2]))
    if len(deltas) > _MOST_STATEMENTS // 2:
        blocks.append(Paragraph(("and so on, down to", " ", deltas[-1], ".")))
    blocks.append(_gradient_table(values, moving, digits))
    blocks.append(
        Paragraph(_on_kinks(values)) if values.on_kinks else Paragraph(tuple(_cost(values)))
    )
    return Passage("gradients", "All gradients", tuple(blocks))


def _names_of_deltas(network: Network) -> Iterator[str | Expr]:
    yield "From the loss back, each gradient once. One that is used more than once has a name: "
    yield symbol("delta")
    yield " with the indices of the quantity by which "
    yield network.loss
    yield " is differentiated."


def _deltas(values: Values) -> Iterator[Relation]:
    network, gradients = values.network, values.backward.gradients
    named = [g for g in gradients.values() if g.name is not None]
    for gradient in named:
        assert gradient.name is not None  # noqa: S101 (just chosen so)
        values.checked(gradient.of)
        rate = Derivative(network.loss, gradient.of, 1, True)
        yield equation(gradient.name, rate, gradient.value)


def _gradient_table(values: Values, moving: Sequence[Symbol], digits: int) -> Table:
    loss = values.network.loss
    rows = []
    for s in _sampled(moving):
        exact = values.checked(s)
        central = difference(values, s, CENTRAL, _STEP)
        rows.append(
            (
                (Derivative(loss, s, 1, True),),
                (values.backward.gradients[s].value,),
                (rounded(exact, digits),),
                (rounded(central, digits),),
                (rounded(magnitude(minus(central, exact)), 1),),
            )
        )
    head: tuple[Prose, ...] = (
        ("Gradient",), ("Formula",), ("Value",), ("Finite difference",), ("Apart by",)
    )  # fmt: skip
    caption: Prose = (
        "The values are checked by Taylor arithmetic through the statements; the finite "
        "difference is the central one with ", equation(symbol("epsilon"), _power(_STEP)), ".",
    )  # fmt: skip
    return Table(head, _with_gap(rows, len(moving)), caption)


def _power(value: Fraction) -> Expr:
    """A power of ten as one."""
    exponent = len(str(value.denominator)) - 1
    return Power(Number("10"), Negative(Number(str(exponent))))


def _on_kinks(values: Values) -> Prose:
    listed: list[str | Expr] = []
    for name in values.on_kinks:
        listed += [", " if listed else "", equation(name, values.network.statements[name])]
    return (
        "At these numbers a quantity lies exactly on a kink: ", *listed, ". There is no derivative "
        "there. The numbers take the value that PyTorch and JAX return on the kink, by convention, "
        "and a finite difference sees another.",
    )  # fmt: skip


def _cost(values: Values) -> Iterator[str]:
    count = len([s for s in values.network.parameters if s in values.gradients])
    yield f"Cost: one forward and one backward pass give all {count} gradients. "
    costs = ", ".join(f"{s.cost(count)} by {s.name} differences" for s in SCHEMES)
    yield f"Finite differences take forward passes instead: {costs}; a million parameters take "
    yield f"{CENTRAL.cost(10**6):,} by central differences.".replace(",", "\u202f")


# --- several samples ---------------------------------------------------------------------------


def samples_passage(network: Network, digits: int) -> Passage:
    """The loss over all samples and its gradients: the mean of those of each sample."""
    batch = Batch(network)
    moving = _sampled([s for s in network.parameters if s in batch.samples[0].gradients])
    whole_loss, count, index = symbols("J n s")
    loss = network.loss
    numbers = range(1, len(batch.samples) + 1)
    shown = numbers if len(numbers) <= _LARGEST else range(0)
    rows = [_sample_row(loss, [v.forward[loss] for v in batch.samples], batch.loss, shown, digits)]
    for s in moving:
        single = [v.gradients[s] for v in batch.samples]
        rate = Derivative(loss, s, 1, True)
        rows.append(_sample_row(rate, single, batch.gradient(s), shown, digits))
    word = network.reduction
    head: list[Prose] = [("Quantity",), *((f"Sample {k}",) for k in shown), (word.capitalize(),)]
    total: Expr = IndexedSum(loss.at(index), index, Number("1"), count)
    if word == "mean":
        total = Product((Quotient(Number("1"), count), total))
    text: Prose = (
        f"There are {len(batch.samples)} samples. The loss over all of them is the {word} ",
        equation(whole_loss, total),
        f", and each term moves by itself, so each gradient is a {word} too. The passages above "
        "follow the first sample.",
    )
    return Passage("samples", "Over all samples", (
        Paragraph(text), Table(tuple(head), _with_gap(rows, len(rows))),
    ))  # fmt: skip


def _sample_row(
    name: Expr, single: Sequence[Real], all_: Real, shown: Sequence[int], digits: int
) -> tuple[Prose, ...]:
    numbers = [(rounded(single[k - 1], digits),) for k in shown]
    return (name,), *numbers, (rounded(all_, digits),)


# --- vectors and matrices ----------------------------------------------------------------------


def matrices_passage(network: Network, values: Values | None, digits: int) -> Passage | None:
    """The backward pass in vectors and matrices, layer by layer; None without layers."""
    forms = matrix_forms(network)
    if not forms:
        return None
    shown = forms if len(forms) <= 4 else (*forms[:2], forms[-1])
    blocks: list[Block] = []
    for form in shown:
        blocks.append(Formulas((form.delta, form.weights, form.bias)))
        if values is not None:
            blocks += [Paragraph(said) for said in _numeric(form.layer, values, digits)]
    held = sum(form.checked for form in forms)
    blocks.append(Paragraph((f"All {held} entries of these equations were multiplied out and are "
                             "those that were derived one by one.",)))  # fmt: skip
    return Passage("matrices", "In vectors and matrices", tuple(blocks))


def _numeric(layer: Layer, values: Values, digits: int) -> Iterator[Prose]:
    """The gradient of a layer's weights in numbers."""
    units, inputs = layer.shape
    if units > _LARGEST or inputs > _LARGEST:
        return
    grid = [[rounded(values.gradients[w], digits) for w in row] for row in layer.weights]
    rate = Derivative(values.network.loss, whole(layer.weights[0]), 1, True)
    yield rate, " ≈ ", grid[0][0] if units == inputs == 1 else Matrix(grid)


# --- finite differences --------------------------------------------------------------------------


def differences_passage(values: Values, wrt: Symbol, digits: int) -> Passage:
    """One gradient by three differences, with their errors, orders and cost."""
    rows = tuple(_difference_row(measured(values, wrt, s, _EPSILON), digits) for s in SCHEMES)
    head: tuple[Prose, ...] = (
        ("Method",), ("Value",), ("Error",), ("Order in ", symbol("epsilon")),
        ("Forward passes",),
    )  # fmt: skip
    rate = Derivative(values.network.loss, wrt, 1, True)
    gradient = rounded(values.checked(wrt), digits)
    intro: Prose = (
        "The derived gradient is ", rate, " ≈ ", gradient, ". Here it is measured, with ",
        equation(symbol("epsilon"), decimal(_EPSILON)), ", by moving ", wrt, " a little:",
    )  # fmt: skip
    caption: Prose = (
        "The error is what the method leaves out; numbers are exact, so that no rounding is mixed "
        "in. The order is the base-two logarithm of how much it shrinks when ",
        symbol("epsilon"), " is halved.",
    )  # fmt: skip
    blocks: list[Block] = [Paragraph(intro), Table(head, rows, caption)]
    crossed = list(straddled(values, wrt, _EPSILON))
    if crossed:
        listed = tuple(p for k, name in enumerate(crossed) for p in (", " if k else "", name))
        blocks.append(Paragraph(("Within ± ", symbol("epsilon"), " a kink is crossed at ", *listed,
                                 ": there no difference is a slope.")))  # fmt: skip
    return Passage("differences", "Checked by finite differences", tuple(blocks))


def _difference_row(found: Measured, digits: int) -> tuple[Prose, ...]:
    order = "exact" if found.order is None else f"{found.order:.2f}"
    return (
        (found.scheme.name,),
        (rounded(found.value, digits + 3),),
        (rounded(found.error, 2),),
        (order,),
        (str(found.scheme.passes),),
    )
