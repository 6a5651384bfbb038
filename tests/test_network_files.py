"""A network's file: what is wrong in it is told in a sentence, and nothing in it breaks us.

The table of mistakes is the specification: what is written instead of what, and what the
message says.  Behind it anything at all is written, and only a `Mistake` may come of it.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symderiv.deriving.networks.layering import Words
from symderiv.deriving.networks.network import Network
from symderiv.deriving.networks.numbers import as_float
from symderiv.deriving.networks.specification import read_network
from symderiv.deriving.networks.values import Values
from symderiv.errors import Mistake

ROOT = Path(__file__).parent.parent
LAYERS = (ROOT / "examples/two_layer.toml").read_text(encoding="utf-8")
STATEMENTS = """
loss = "L"
[statements]
z = "w*x + b"
a = "tanh(z)"
L = "(a - y)^2"
[values]
w = 0.5
x = 2
b = -0.25
y = 1
"""
SAMPLES = (ROOT / "tests/networks/samples.toml").read_text(encoding="utf-8")

IN_LAYERS = [  # what stands there, what is written instead, what is said
    ("bias = [0.1", "biass = [0.1", r"layer 1 has no 'biass'. Did you mean 'bias'?"),
    ("title", "titel", r"the file has no 'titel'. Did you mean 'title'?"),
    ("size = 2", "sise = 2", r"\[input\] has no 'sise'. Did you mean 'size'?"),
    ("[[0.6, -0.4]]", "[[0.6, -0.4, 1]]", "W2 is 1 × 3, .* must be 1 × 2 "),
    ("[[0.6, -0.4]]", "[[0.6], [-0.4]]", "W2 is 2 × 1, .* must be 1 × 2 .* transposed = true"),
    ("[[0.6, -0.4]]", "[]", "W2 is 0 × 0, .* must be 1 × 2 "),
    ("[[0.6, -0.4]]", "[[]]", "W2 is 1 × 0, .* must be 1 × 2 "),
    ("[[0.6, -0.4]]", "[0.6, -0.4]", "W2 is a list in square brackets, not 0.6"),
    ("[[0.6, -0.4]]", '"none"', "W2 is a list in square brackets, not 'none'"),
    ("[0.3, 0.8]]", "[0.3]]", r"rows of W1 have different lengths: \[1, 2\]"),
    ("[0.3, 0.8]]", "[0.3]]\ntransposed = true", "rows of W1 have different lengths"),
    ("[[0.6, -0.4]]", "[[0.6, -0.4]]\ntransposed = 1", "transposed is true or false, not 1"),
    ("units = 2", "units = 3", "W1 is 2 × 2, but layer 1 has 3 units and 2 inputs, .* be 3 × 2"),
    ("units = 2", "units = 0", "1 to 4096 units"),
    ("units = 2", "units = -1", "1 to 4096 units"),
    ("units = 2", "units = 99999999999999999999", "1 to 4096 units"),
    ("units = 2", "units = 2.5", "units is a whole number, not 2.5"),
    ("units = 2", "units = true", "units is a whole number, not true"),
    ("size = 2", "size = 0", "1 to 4096 units"),
    ("bias = [0.1, -0.1]", "bias = [0.1]", "b1 has 1 entry, but layer 1 has 2 units"),
    ("bias = [0.1, -0.1]", "bias = 0.1", "b1 is a list in square brackets, not 0.1"),
    ("bias = [0.1, -0.1]", 'bias = [0.1, "x"]', "b1 holds 'x', which is no number"),
    ("bias = [0.1, -0.1]", "bias = [0.1, nan]", "nan is no finite number"),
    ("bias = [0.1, -0.1]", "bias = [-inf, 0]", "-inf is no finite number"),
    ("bias = [0.1, -0.1]", "bias = [1e400, 0]", "The number 1e400 is too much"),
    ("bias = [0.1, -0.1]", "bias = [1e-999999999999, 0]", "is too much"),
    ("bias = [0.1, -0.1]", f"bias = [0, 1{'0' * 400}]", "is too much"),
    ("bias = [0.1, -0.1]", f"bias = [0, 1{'0' * 5000}]", "thousands of digits"),
    ("bias = [0.1, -0.1]", f"bias = [0, 0.{'1' * 400}]", "at most 80 characters"),
    ("bias = [0.1, -0.1]", f"bias = {'[' * 3000}{']' * 3000}", "nested too deeply"),
    ("bias = [0.1, -0.1]", "bias = [2020-01-01, 0]", "holds 2020-01-01, which is no number"),
    ("bias = [0.1, -0.1]", "bias = [[1], [2]]", "holds a list, which is no number"),
    ("[0.5, 0.1]", "[0.5]", "input of sample 1 has 1 entry, but the network has 2 inputs"),
    ("values = [0]", "values = [0, 1]", "target of sample 1 has 2 entries, but .* 1 target"),
    ("values = [0]", "values = [2]", "y cannot be 2: the network needs 0 <= y <= 1"),
    ("values = [0]", "", "no values for the target"),
    ("values = [0.5, 0.1]", "", "no values for the input"),
    ("size = 2\nvalues = [0.5, 0.1]", "", "no values for the input"),
    ('"bce"', '"bcee"', "no loss 'bcee'. Did you mean 'bce'?"),
    ('"bce"', '"relu"', "relu is no loss: it takes no target"),
    ('"bce"', "1", "loss is a text in quotes, not 1"),
    ('loss = "bce"', "", 'needs loss, such as loss = "bce"'),
    ('"relu"', '"reluu"', "no activation 'reluu'. Did you mean 'relu'?"),
    ('"relu"', '"bce"', "bce takes 2 arguments: it is no activation"),
    ("[[layer]]", "[layer]", "TOML"),
    ("[target]", '[names]\nweight = "V"\n[target]', "no 'weight'. Did you mean 'weights'?"),
    ("[target]", '[names]\nweights = "b"\n[target]', "Two quantities are called b"),
    ("[target]", '[names]\noutput = "y"\n[target]', "Two quantities are called y"),
    ("[target]", '[names]\nweights = "sin"\n[target]', "a name is a letter or a word, no function"),
    ("[target]", '[names]\nweights = "W 1"\n[target]', "a name is a letter or a word"),
    ("[target]", '[names]\noutput = "y+1"\n[target]', r"'y\+1' is not a name"),
    ("[target]", "[values]\nq = 3\n[target]", "q does not stand in the network. There are: W1"),
    ("[target]", '[where]\ny = "small"\n[target]', "not a domain"),
    ("[target]", "[where]\ny = 1\n[target]", "y is a text in quotes, not 1"),
    ("[target]", "[[sample]]\ninput = [1, 2]\ntarget = [0]\n[target]", "not both"),
    ("title", 'notation = "<>"\ntitle', "notation is .* not '<>'"),
    ("title", 'reduction = "max"\ntitle', "reduction is 'mean' or 'sum', not 'max'"),
    ('title = "', 'title = 3 # "', "title is a text in quotes, not 3"),
    ("remarks = [", "remarks = [1, ", "remarks is a text in quotes, not 1"),
]
IN_STATEMENTS = [
    ('"w*x + b"', '"w*x + L"', "is computed from itself"),
    ('"w*x + b"', '"z*x"', "z is computed from itself"),
    ('"w*x + b"', '"swsh(x)*w + b"', "Unknown name 'swsh'"),
    ('"w*x + b"', '"w*x + "', "text ends where"),
    ('"w*x + b"', '"w = x"', "an equation and not a formula"),
    ('"w*x + b"', '"D(x^2, x)*w + b"', "write no derivative here"),
    ('"w*x + b"', '""', "nothing to read"),
    ('"w*x + b"', "3", "z is a text in quotes, not 3"),
    ('"w*x + b"', '["w*x"]', "z is a text in quotes, not a list"),
    ('"w*x + b"', f'"{"(" * 3000}x{")" * 3000}*w*b"', "at most 4,000 characters"),
    ('"w*x + b"', f'"{"(" * 900}x{")" * 900}*w*b"', "."),
    ('"w*x + b"', '"w*x + b\\u0000"', "character is not read"),
    ('"w*x + b"', '"w/(b + 0.25) + x"', "has no value here: division by"),
    ('"w*x + b"', '"log(-w) + x*b"', "has no finite value here"),
    ('"w*x + b"', '"9^9^9^9*w*x*b"', "has no finite value here"),
    ("z = ", '"z+1" = ', r"'z\+1' is not a name"),
    ("z = ", '"" = ', "nothing to read"),
    ("z = ", '"(z)" = "x"\nz = ', "z is written twice"),
    ('loss = "L"', 'loss = "J"', "Nothing says how the loss J is computed"),
    ("[values]", "[layer]\n[values]", "the file has no 'layer'"),
    ("w = 0.5", "q = 0.5", "q does not stand in the network"),
    ("w = 0.5", "z = 0.5", "z is computed and cannot be given a value"),
    ("w = 0.5", "w = 0.5\nw = 1", "TOML"),
    ("w = 0.5", "w = ", "TOML"),
    ("w = 0.5", "w = inf", "inf is no finite number"),
    ("w = 0.5", '"w" = "0.5"', "w holds '0.5', which is no number"),
    ("w = 0.5", "", "no numbers for w: give them values"),
    ("[values]", '[where]\nw = ">1"\n[values]', "w cannot be 0.5: the network needs w > 1"),
    ("[statements]", '[statement]', "no 'statement'. Did you mean 'statements'?"),
    (STATEMENTS, "", "a network has layers, or"),
    (STATEMENTS, "[statements]", "is empty: write the quantities"),
    (STATEMENTS, 'statements = "z"', r"Write \[statements\] as a table"),
    (STATEMENTS, "hello", "TOML"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [*((LAYERS, *row) for row in IN_LAYERS), *((STATEMENTS, *row) for row in IN_STATEMENTS)],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_what_is_wrong_in_a_file_is_told(text: str, old: str, new: str, said: str) -> None:
    assert old in text
    with pytest.raises(Mistake, match=said):
        assert Values(read_network(text.replace(old, new, 1))).gradients


def test_weights_may_be_written_as_inputs_times_units() -> None:
    """The post's W2 is a column: said so, it is read as what it is meant to be."""
    column = LAYERS.replace("[[0.6, -0.4]]", "[[0.6], [-0.4]]\ntransposed = true")

    assert read_network(column).values == read_network(LAYERS).values


@pytest.mark.parametrize("size", ["0.1", "1e-5", "123456789.123456789", "-0.0", "3", "1_000.5"])
def test_a_number_keeps_the_digits_that_were_typed(size: str) -> None:
    network = read_network(STATEMENTS.replace("w = 0.5", f"w = {size}"))

    assert network.values[network.quantity("w")] == Fraction(size.replace("_", ""))


def test_numbers_that_are_large_and_small_are_computed() -> None:
    values = Values(
        read_network(STATEMENTS.replace("w = 0.5", "w = 1e299").replace("x = 2", "x = 1e-298"))
    )

    assert as_float(values.forward[values.network.quantity("z")]) == pytest.approx(10 - 0.25)
    assert as_float(Fraction(10) ** 400) == float("inf")
    assert as_float(-(Fraction(10) ** 400)) == -float("inf")


def test_a_name_may_have_a_square_and_a_layer_elsewhere() -> None:
    """w is no layered name here, so that w^2 is a square; z1 is the z of layer 1."""
    network = read_network('[statements]\nz1 = "w^2*x"\nL = "z1*z1"\n[values]\nw = 3\nx = 2')

    assert str(next(iter(network.statements))) == "z{1}"
    assert Values(network).forward[network.loss] == 324


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        (
            "latin.toml",
            "title = 'Gr\xf6\xdfe'".encode("latin-1"),
            "cannot be read: it is not UTF-8",
        ),
        ("empty.toml", b"", "empty.toml: There is no"),
        ("bad.toml", STATEMENTS.replace("0.5", "nan").encode(), "bad.toml: nan is no finite"),
        ("long.toml", b"#" * 4_000_001, "at most 4,000,000 characters"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, written: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(written)
    with pytest.raises(Mistake, match=said) as told:
        Network.from_toml(tmp_path / name)

    assert name in str(told.value)


@pytest.mark.parametrize("name", ["absent.toml", ".", "a\0b.toml"])
def test_a_file_that_is_none_is_a_mistake(tmp_path: Path, name: str) -> None:
    with pytest.raises(Mistake, match="cannot be read"):
        Network.from_toml(tmp_path / name)


def test_words_that_meet_are_refused_in_python_too() -> None:
    with pytest.raises(Mistake, match="Two quantities are called z"):
        Words(before="z", after="z")


# --- anything at all ----------------------------------------------------------------------------

PIECES = ["[", "]", '"', "=", "\n", "0", "1e99", "nan", "-", "true", "[[layer]]", "units", "z", "^"]
PIECES += [
    "sigmoid(",
    ")",
    "{",
    "}",
    "'",
    "#",
    "\0",
    "é",
    "\\",
    "x_",
    ",",
    ".",
    "[values]",
    "W1[1,1]",
]


def survives(text: str) -> None:
    """Read it and compute all there is; a `Mistake` must say something."""
    said = "read"
    try:
        _ = Values(read_network(text)).gradients
    except Mistake as mistake:
        said = str(mistake)

    assert said == "read" or len(said) > 10


@settings(max_examples=150)
@given(
    st.sampled_from([LAYERS, STATEMENTS, SAMPLES]),
    st.lists(
        st.tuples(
            st.integers(0, 2000), st.integers(0, 12), st.sampled_from(PIECES) | st.text(max_size=3)
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_a_file_with_slips_is_read_or_refused(text: str, slips: list[tuple[int, int, str]]) -> None:
    for place, cut, new in slips:
        at = place % (len(text) + 1)
        text = text[:at] + new + text[at + cut :]
    survives(text)


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.booleans()
    | st.integers(-3, 5)
    | st.integers()
    | st.floats()
    | st.sampled_from(["tanh", "sigmoid", "relu", "bce", "mse", "x", "w*x", "z^2", "(0,1)", "y_1"])
    | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["size", "values", "input", "target", "x", "L"]), inner)
    ),
    max_leaves=6,
)
KEYS = [
    "title",
    "remarks",
    "loss",
    "input",
    "target",
    "layer",
    "names",
    "where",
    "values",
    "sample",
]
KEYS += ["statements", "notation"]
LAYER = st.fixed_dictionaries(
    {},
    optional={
        "units": st.integers(-1, 3) | VALUES,
        "activation": st.sampled_from(["tanh", "relu", "max", "linear"]) | VALUES,
        "weights": st.lists(st.lists(st.integers(-2, 2), max_size=3), max_size=3) | VALUES,
        "bias": st.lists(st.floats(-2, 2), max_size=3) | VALUES,
        "transposed": st.booleans() | VALUES,
    },
)
TABLES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(KEYS, VALUES),
        "loss": st.sampled_from(["bce", "mse", "L"]) | VALUES,
        "layer": st.lists(LAYER, max_size=3),
        "statements": st.dictionaries(st.sampled_from(["z", "a", "L", "y_1"]), VALUES, max_size=3),
    },
)


def toml(value: Any) -> str:
    """A value as TOML writes it, in one line."""
    match value:
        case dict():
            return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case float():
            return repr(value)
    return json.dumps(value)


@settings(max_examples=150)
@given(TABLES)
def test_tables_with_anything_in_them_are_read_or_refused(table: dict[str, Any]) -> None:
    survives("\n".join(f"{key} = {toml(value)}" for key, value in table.items()))
