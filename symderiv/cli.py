"""The command line: each command reads, calls, renders, writes.

The product goes to standard output and nothing else; messages go to standard error; a
mistake in what was typed ends with exit 2 and a caret.  The parts are imported when a
command runs, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from symderiv import __version__
from symderiv.checking import check_parser
from symderiv.errors import Broken, Mistake
from symderiv.glossaries import glossary_parsers
from symderiv.handing import handout_parser
from symderiv.publishing import publishing_parsers
from symderiv.terminal import (
    FORMATS,
    domains,
    format_of,
    language_option,
    pairs,
    progress,
    told_apart,
    write,
)

TYPE_CHECKING = False  # as in typing, which costs 5 ms to import
if TYPE_CHECKING:
    from typing import Any


_MOST_DIGITS = 50


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, its own, or 2 for a mistake in what was typed."""
    typed = _parser().parse_args(told_apart(sys.argv[1:] if arguments is None else arguments))
    if sys.stdout is None:  # closed by the caller: `symderiv rules >&-`
        return _say("there is no standard output to write to.", 2)
    _speak_utf8()
    try:
        status = typed.run(typed)
        sys.stdout.flush()
        return int(status or 0)
    except Mistake as mistake:
        return _say(str(mistake), 2)
    except Broken as broken:
        return _say(f"nothing was written: a step of ours does not hold (a bug). {broken}", 70)
    except BrokenPipeError:  # the reader of our output closed it: `symderiv rules | head`
        _drop_output()
    except OSError as error:
        _drop_output()
        return _say(f"the output cannot be written: {error.strerror or error}.", 2)
    except KeyboardInterrupt:
        return _say("interrupted.", 130)
    return 0


def _speak_utf8() -> None:
    """The same bytes everywhere; what has no place in UTF-8 is spelled out, and never fails."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # not where a caller put a buffer in its place
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _drop_output() -> None:
    """What is still to be written goes nowhere, so that Python's last flush does not fail."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str, status: int) -> int:
    if sys.stderr is not None:
        print(f"symderiv: {message}", file=sys.stderr)
    return status


def _derive(typed: argparse.Namespace) -> None:
    import symderiv  # lazily: see the module's docstring

    function = symderiv.functions.get(typed.expression) if typed.wrt is None else None
    derivation = symderiv.derive(
        function or typed.expression,
        typed.wrt,
        where=domains(typed.where),
        given=pairs(typed.given, "--given"),
        order=typed.order,
        kinks=typed.kinks,
        form=typed.form.replace("-", " "),
        prefer=typed.prefer,
        of=typed.of,
    )
    _render(derivation, typed)


def _problem(typed: argparse.Namespace) -> None:
    import symderiv  # lazily: see the module's docstring

    _render(typed.ask(symderiv, typed), typed)


def _render(what: Any, typed: argparse.Namespace) -> None:
    import symderiv  # lazily: see the module's docstring

    form = typed.format or format_of(typed.output)
    options = _options(typed)
    write(symderiv.render(what, form, **options), typed.output)


def _options(typed: argparse.Namespace) -> dict[str, Any]:
    """How a page is to be rendered."""
    names = ("detail", "dialect", "templates", "links", "notation", "language")
    return {name: getattr(typed, name) for name in names}


def _asked(typed: argparse.Namespace) -> dict[str, Any]:
    """The point and the domains that were typed."""
    return {"at": pairs(typed.at, "--at"), "where": domains(typed.where)}


def _names(typed: argparse.Namespace) -> list[str]:
    return [name.strip() for name in typed.by.split(",") if name.strip()]


def _one(typed: argparse.Namespace) -> str:
    if len(typed.expressions) != 1:
        raise Mistake(f"One expression is asked about here, not {len(typed.expressions)}.")
    return str(typed.expressions[0])


def _on_path(symderiv: Any, typed: argparse.Namespace) -> Any:
    if len(typed.expressions) != 2:
        raise Mistake("A path has two coordinates: symderiv parametric 'cos(t)' 'sin(t)'.")
    x, y = typed.expressions
    by, where = typed.by or "t", domains(typed.where)
    return symderiv.parametric(x=x, y=y, by=by, order=typed.order, where=where)


def _turned_round(symderiv: Any, typed: argparse.Namespace) -> Any:
    at = pairs(typed.at, "--at").values()
    return symderiv.inverse(_one(typed), typed.by or None, at=next(iter(at), None))


_PROBLEMS: dict[str, tuple[str, Callable[[Any, argparse.Namespace], Any]]] = {
    "gradient": (
        "the gradient of an expression, and --at a point",
        lambda sd, t: sd.gradient(_one(t), _names(t), **_asked(t)),
    ),
    "jacobian": (
        "the Jacobian matrix of several expressions",
        lambda sd, t: sd.jacobian(t.expressions, _names(t), **_asked(t)),
    ),
    "hessian": (
        "the matrix of the second derivatives",
        lambda sd, t: sd.hessian(_one(t), _names(t), **_asked(t)),
    ),
    "tangent": (
        "the tangent line of a graph, --at x=2, or of a curve, --at x=3 --at y=4",
        lambda sd, t: sd.tangent(_one(t), of=t.by or None, **_asked(t)),
    ),
    "critical": (
        "the critical points of a function of one variable, and their kinds",
        lambda sd, t: sd.critical_points(_one(t), t.by or None, where=domains(t.where)),
    ),
    "parametric": ("dy/dx on a path, 'cos(t)' 'sin(t)' --by t", _on_path),
    "inverse": ("the slope of an inverse: arcsin, or 'x^3 + x' --at x=2", _turned_round),
}
"""The problems around a derivative: what each answers, and how it is asked."""


def _network(typed: argparse.Namespace) -> None:
    import symderiv  # lazily: see the module's docstring
    from symderiv.documents import networks, translating, writing  # lazily, as above

    form = typed.format or format_of(typed.output)
    options = _options(typed)
    load = symderiv.Network.from_toml
    network = load(typed.file) if typed.file else networks.anchor_network()
    wrt = network.quantity(typed.wrt) if typed.wrt else None
    report = progress if sys.stderr.isatty() else lambda _: None
    page = networks.compose_network(network, wrt, _digits(typed.digits), report)
    page = translating.translated(page, typed.language or page.language)
    write(symderiv.render(page, form, **options), typed.output)
    if form == "markdown" and typed.output != "-":
        writing.write_pictures(page, typed.output)


def _digits(digits: int) -> int:
    """A number of decimals that can be shown."""
    if not 0 <= digits <= _MOST_DIGITS:
        raise Mistake(f"--digits takes 0 to {_MOST_DIGITS} decimals, not {digits}.")
    return digits


def _proofread(typed: argparse.Namespace) -> int:
    from pathlib import Path  # lazily, with all that derives and reads

    from symderiv.documents.proofreading import proofread, written_in

    paths = [Path(name) for name in typed.files] or written_in(Path(typed.output))
    report = _count if sys.stderr.isatty() else lambda _: None
    differ = 0
    for proof in proofread(paths, typed.detail, report):
        print(proof, flush=True)
        differ += len(proof.faults)
    return 1 if differ else 0


def _count(place: str) -> None:
    """Where the reading is, on one line of the terminal that is written over."""
    print(f"\r\033[K{place}\r", end="", file=sys.stderr, flush=True)


def _derive_parser(commands: Any) -> argparse.ArgumentParser:
    derive: argparse.ArgumentParser
    derive = commands.add_parser("derive", help="derive an expression or a catalogue function")
    derive.add_argument("expression", help="such as 'x^2*sin(x)' or sigmoid")
    derive.add_argument("--wrt", metavar="X", help="by which symbol (if there are several)")
    derive.add_argument("--of", metavar="Y", help="of which name of an equation, 'x^2+y^2=25'")
    derive.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="X=DOMAIN",
        help="such as 'yhat=(0,1)' or 'x>0'",
    )
    derive.add_argument(
        "--given", action="append", default=[], metavar="A=EXPR", help="defines a named quantity"
    )
    derive.add_argument("--order", type=int, default=1, help="2 for the second derivative")
    derive.add_argument("--kinks", default="undefined", help="undefined, torch or jax")
    derive.add_argument(
        "--form",
        default="textbook",
        help="textbook, expanded, factored, one-fraction or as-differentiated",
    )
    derive.add_argument(
        "--prefer", default="", metavar="WAY", help="product, power, quotient or logarithmic"
    )
    derive.add_argument("--dialect", default="", help="github or plain; of a pdf, latex")
    derive.add_argument("-o", "--output", default="-", metavar="FILE", help="- for the terminal")
    derive.set_defaults(run=_derive)
    return derive


def _problem_parsers(commands: Any) -> Iterator[argparse.ArgumentParser]:
    """A command for each problem; all have the same options."""
    for name, (answers, ask) in _PROBLEMS.items():
        command: argparse.ArgumentParser = commands.add_parser(name, help=answers)
        command.add_argument("expressions", nargs="+", metavar="EXPR")
        command.add_argument("--by", default="", metavar="X,Y", help="by which names")
        command.add_argument(
            "--at", action="append", default=[], metavar="X=VALUE", help="a point, such as x=2"
        )
        command.add_argument("--where", action="append", default=[], metavar="X=DOMAIN")
        command.add_argument("--order", type=int, default=1, help="2 for the second derivative")
        command.add_argument("--dialect", default="", help="github or plain; of a pdf, latex")
        command.add_argument("-o", "--output", default="-", metavar="FILE", help="- for here")
        command.set_defaults(run=_problem, ask=ask)
        yield command


def _network_parser(commands: Any) -> argparse.ArgumentParser:
    network: argparse.ArgumentParser = commands.add_parser(
        "network", help="gradients through a network, with numbers"
    )
    network.add_argument("file", nargs="?", metavar="FILE.toml", help="the post's, if none")
    network.add_argument("--wrt", metavar="W", help="such as 'W1[1,1]' (the first weight)")
    network.add_argument("--digits", type=int, default=3, metavar="N", help="decimals shown")
    network.add_argument("--dialect", default="", help="github or plain; of a pdf, latex")
    network.add_argument("-o", "--output", default="-", metavar="FILE", help="- for the terminal")
    network.set_defaults(run=_network)
    return network


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="symderiv",
        description="Derivatives derived step by step, each line checked before it is printed.",
    )
    parser.add_argument("--version", action="version", version=f"symderiv {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    derive = _derive_parser(commands)
    problems = [*_problem_parsers(commands)]
    check_parser(commands)
    handout_parser(commands)
    network = _network_parser(commands)
    proofread = commands.add_parser(
        "proofread", help="read every printed formula back by latex2sympy2 (the extra proofread)"
    )
    proofread.add_argument(
        "files", nargs="*", metavar="FILE", help="a document of ours (.md, .tex, .json)"
    )
    proofread.add_argument(
        "-o", "--output", default="output", metavar="DIR", help="whose documents, if no file"
    )
    proofread.set_defaults(run=_proofread)
    for command in (derive, network, proofread, *problems):
        command.add_argument("--detail", default="standard", help="brief, standard or full")
    for command in (derive, network, *problems):
        command.add_argument("-f", "--format", default="", help=FORMATS)
        command.add_argument(
            "--templates",
            action="append",
            default=[],
            metavar="DIR",
            help="blocks that replace ours",
        )
        command.add_argument(
            "--links", default="", metavar="BASE", help="a site with rules/, which reasons lead to"
        )
        command.add_argument("--notation", default="", help="leibniz, or prime: (x^2)'")
        language_option(command)
    glossary_parsers(commands)
    publishing_parsers(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
