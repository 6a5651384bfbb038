"""Exercises with a quiz: what the script in the reader's browser says must be what our judge says.

A page without a server compares values.  So it may be less certain than `symderiv check`, and
may refuse more; it may never say right of what is wrong, nor wrong of what is right.  The script
itself is run here, in node, and the box that it makes in Chromium.
"""

from __future__ import annotations

import functools
import gzip
import html
import json
import re
import shutil
import subprocess
import threading
from collections import Counter
from collections.abc import Iterable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import mpmath
import pytest

import symderiv as sd
from symderiv.deriving.derivation import Derivation
from symderiv.sites.pieces import HTML, Site, piece
from symderiv.sites.quizzing import FUNCTIONS, in_words_of, normal, quiz_data
from symderiv.sites.styling import quiz_script, site_css
from symderiv.sites.wishes import read_line

ASK = """
let text = "";
process.stdin.on("data", part => text += part).on("end", () => {
  const {shipped, language, quizzes, asked, plain} = JSON.parse(text);
  const held = {};
  Function("module", shipped)(held);
  const script = held.exports;
  script.speak(language);
  const verdicts = asked.map(([name, answer]) => script.judge(answer, quizzes[name]));
  console.log(JSON.stringify({verdicts, normal: plain.map(script.normal),
    functions: script.functions, said: verdicts.map((verdict, k) =>
      script.sentences(verdict, quizzes[asked[k][0]], asked[k][1]))}));
});
"""


def node(
    quizzes: dict[str, Any],
    asked: Iterable[tuple[str, str]],
    plain: Iterable[str] = (),
    language: str = "en",
) -> dict[str, Any]:
    """What the script, as it is shipped, says of each answer to the quiz of a name."""
    if shutil.which("node") is None:
        pytest.skip("this needs node, which is not installed")
    told = {
        "shipped": quiz_script(), "language": language,
        "quizzes": quizzes, "asked": list(asked), "plain": list(plain),
    }  # fmt: skip
    done = subprocess.run(
        ["node", "-e", ASK],
        input=json.dumps(told), capture_output=True, text=True, timeout=60, encoding="utf-8",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def quiz(derivation: Derivation, language: str = "en") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(in_words_of(language, quiz_data(derivation)))
    return found


def verdicts(derivation: Derivation, answers: Iterable[str]) -> list[dict[str, Any]]:
    found = node({"it": quiz(derivation)}, [("it", answer) for answer in answers])
    return list(found["verdicts"])


# --- the script and the judge ---------------------------------------------------------------------


def table() -> Any:
    """The table of answers with the verdicts that a teacher gave."""
    spec = spec_from_file_location("answers_of_students", Path(__file__).parent / "test_answers.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def judged() -> list[tuple[Any, dict[str, Any], list[str]]]:
    """Rows of the table, what the script says of each, and what the judge names besides."""
    answers = table()
    quizzes: dict[str, str] = {}
    for question in dict.fromkeys(row.question for row in answers.ROWS):
        problem = answers.problem(question)
        data = "" if problem.numbers else quiz_data(problem.derivation)  # numbers are not asked for
        if data:
            quizzes[question] = json.loads(data)
    rows = [row for row in answers.ROWS if row.question in quizzes]
    said = node(quizzes, [(row.question, row.answer) for row in rows])["verdicts"]
    return list(zip(rows, said, [answers.problem(r.question) for r in rows], strict=True))


def test_the_script_never_contradicts_the_table_of_answers(
    judged: list[tuple[Any, dict[str, Any], Any]],
) -> None:
    """Right and wrong are never turned round, and what nobody can read is not judged."""
    may = {
        "correct": {"right", "undecided", "unreadable"},
        "form": {"right", "undecided", "unreadable"},
        "incorrect": {"wrong", "slip", "undecided", "unreadable"},
        "undecided": {"undecided", "unreadable"},
        "unreadable": {"unreadable", "empty"},
    }
    wrong = [
        (r.line, r.answer, said) for r, said, _ in judged if said["verdict"] not in may[r.verdict]
    ]

    assert wrong == []
    assert len(judged) > 400


def test_the_script_judges_most_of_the_answers_that_are_typed_without_latex(
    judged: list[tuple[Any, dict[str, Any], Any]],
) -> None:
    typed = [(row, said) for row, said, _ in judged if "\\" not in row.answer]
    found = Counter((row.verdict, said["verdict"]) for row, said in typed)
    right = [row for row, _ in typed if row.verdict == "correct"]
    wrong = [row for row, _ in typed if row.verdict == "incorrect"]

    assert found["correct", "right"] > 0.85 * len(right)
    assert found["incorrect", "slip"] > 0.7 * len(wrong)


def test_a_misconception_that_the_script_names_is_one_that_the_judge_names(
    judged: list[tuple[Any, dict[str, Any], Any]],
) -> None:
    strays = []
    for row, said, problem in judged:
        if said["verdict"] != "slip":
            continue
        found = sd.check(problem, row.answer).misconceptions
        named = {one.name.lower() for slip in found for one in (slip, *slip.also)}
        strays += [(row.line, way) for way in said["ways"] if way[0]["name"].lower() not in named]

    assert strays == []


ASKED = {
    "a product": lambda: sd.derive("x^2*sin(3x)"),
    "a quotient": lambda: sd.derive("(x^2 + 1)/(x - 3)"),
    "a root": lambda: sd.derive("x^(2/3)"),
    "a power": lambda: sd.derive("x^x"),
    "an absolute value": lambda: sd.derive("log(abs(x))"),
    "a second derivative": lambda: sd.derive("exp(-x^2)", order=2),
    "a loss": lambda: sd.derive("L", "z", given={"L": "bce(yhat, y)", "yhat": "sigma(z)"}),
    "an inverse function": lambda: sd.derive("arctanh(x)", where={"x": "(-1, 1)"}),
    "a secant": lambda: sd.derive("sec(2x)"),
    "weights": lambda: sd.derive("tanh(w_1*x_1 + w_2*x_2)^2", "w_1"),
    **{
        name: lambda name=name: sd.derive(sd.functions[name])
        for name in ("sigmoid", "tanh", "softplus", "silu", "mish", "bce", "mse")
    },
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_the_script_reads_what_we_print_and_finds_it_right(name: str) -> None:
    """Each form of the solution, without the shortcut by which a form is recognised as such."""
    told = quiz(ASKED[name]())
    forms = [form for form in told["forms"] if readable(form)]
    found = node({"it": {**told, "forms": []}}, [("it", form) for form in forms])["verdicts"]

    assert [said["verdict"] for said in found] == ["right"] * len(forms)
    assert len(forms) >= len(told["forms"]) / 2
    assert len(told["points"]) == 8


def readable(text: str) -> bool:
    try:
        sd.read(text)
    except sd.Unreadable:
        return False
    return True


def test_the_values_that_are_sent_are_those_of_mpmath() -> None:
    told = quiz(ASKED["a product"]())
    for (x,), value in zip(told["points"], told["values"], strict=True):
        assert mpmath.diff(lambda t: t**2 * mpmath.sin(3 * t), x) == pytest.approx(value, rel=1e-9)


def test_both_sides_know_the_same_functions_and_the_same_blanks() -> None:
    texts = ["2 x · sin( 3x )", "x**2", "σ(z) (1 − σ(z))", " 2  3 x ", "a÷b", "yhat", "y\u0302 x"]
    found = node({}, [], texts)

    assert set(found["functions"]) - {"ln"} == FUNCTIONS
    assert found["normal"] == [normal(text) for text in texts]


# --- how answers are read ------------------------------------------------------------------------

READ = [
    # what is typed, and the value that it has at x = 2, a = 3; or None where nobody can know
    ("2x", 4), ("2 x", 4), ("x a", 6), ("x(1-a)", -4), ("(x)(a)", 6), ("2*-x", -4), ("x^-1", 0.5),
    ("-x^2", -4), ("x^2^a", 256), ("a/x/x", 0.75), ("a/x*x", 3), ("x²a", 12), ("x⁻¹", 0.5),
    ("x^{2a}", 64), ("[x+1]a", 9), ("|x-a|", 1), ("|x||a|", 6), ("||x|-a|", 1), ("2|x|", 4),
    ("√(2x)", 2), ("√x²", None), ("sqrt(2x)", 2), ("e^(0)", 1), ("exp(0)x", 2), ("ln(e)", 1),
    ("sin pi x", 0), ("cos(pi)", -1), ("sin^2 x + cos^2 x", 1), ("sin²(x) + cos²(x)", 1),
    ("sin^-1(1)*2/π", 1), ("cos 0 cos 0", 1), ("log2(8)", 3), ("log_10(100)", 2), ("max(x, a)", 3),
    ("sigma(0)", 0.5), ("tanh(0) + 1", 1), ("dy/dx = 2x", 4), ("y' = 2x", 4), ("f'(x)=2x", 4),
    ("= 2x", 4), ("$2x$", 4), ("2x.", 4), ("(-8)^(1/3)", -2), ("ax", 6), ("2x^3 a", 48),
    ("1/2x", None), ("x^2a", None), ("2e^2x", None), ("sin x a", None), ("sin x^2", None),
    ("sin x/2", None), ("sin x*a", None), ("x 2", None), ("x(a)", None), ("1e3", None),
    ("1,5x", None), ("0,5", None), ("x!", None), ("x+", None), ("(x", None), ("x)", None),
    ("|x", None), ("sin", None), ("sin()", None), ("q", None), ("", None), ("x = 2 + x = x", None),
    ("x > 0", None), ("f(x)", None), ("\\frac{x}{2}", None), ("(x]", None), ("alert(1)", None),
    ("constructor", None), ("__proto__", None), ("x" + "(" * 5000, None), ("x" * 3000, None),
    ("toString(x)", None), ("x;a", None), ("`x`", None), ("this", None), ("x²^a", None),
    ("σx", None), ("aσ(0)", 1.5), ("πx/π", 2), ("eπ/(e·π)", 1),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), READ, ids=[text[:20] for text, _ in READ])
def test_an_answer_is_read_as_on_paper_or_not_at_all(text: str, value: float | None) -> None:
    """A text that can be read in two ways is refused, as our own reader refuses it."""
    expected = 5 if value is None else value
    asked = {
        "names": {"x": 0, "a": 1}, "shown": [["x", 0]], "points": [[2, 3]] * 4,
        "values": [expected] * 4, "forms": [], "functions": {}, "slips": [], "notes": [],
    }  # fmt: skip
    said = node({"it": asked}, [("it", text)])["verdicts"][0]["verdict"]

    assert said in (("right",) if value is not None else ("unreadable", "empty"))


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("2*x*sin(3x) + 3x^2*cos(3x)", "right"),
        ("x(2sin(3x) + 3x cos(3x))", "right"),
        ("2xsin(3x)", "unreadable"),
        ("2x*3cos(3x)", "slip"),
        ("2x*sin(3x) + 3x^2*cos(3x) + 0*ln(x)", "undecided"),
        ("2x*sin(3x) + 3x^2*cos(3x) + ln(x)*0*arccos(x)", "undecided"),
        ("2x*sin(3x) + 3x^2*cos(3x) + 1/10^20", "undecided"),
        ("2x*sin(3x) + 3.0000000001x^2*cos(3x)", "undecided"),
        ("2x*sin(3x) + 2.99x^2*cos(3x)", "wrong"),
        ("7", "wrong"),
        ("1/0", "undecided"),
    ],
)
def test_what_cannot_be_told_by_values_is_not_told(answer: str, verdict: str) -> None:
    (said,) = verdicts(ASKED["a product"](), [answer])

    assert said["verdict"] == verdict


def test_nothing_that_is_said_of_a_wrong_answer_gives_the_solution_away() -> None:
    told = quiz(ASKED["a product"]())
    answers = ["7", "2x*3cos(3x)", "2x + ", "2x*sin(3x) + 2.99x^2*cos(3x)", "0*ln(x)"]
    found = node({"it": told}, [("it", answer) for answer in answers])["said"]
    sentences = json.dumps(found, ensure_ascii=False)

    assert not any(form in normal(sentences) for form in told["forms"])
    assert not any(f"{value:.4g}" in sentences for value in told["values"])
    assert "Not right: it differs from the derivative, for example at x = 2." in sentences
    assert "The rule instead: " in sentences
    assert "product rule" in sentences
    assert "2x + ▸ " in sentences


def test_right_is_said_with_what_it_rests_on() -> None:
    found = node({"it": quiz(ASKED["a product"]())}, [("it", "x(2sin(3x) + 3x*cos(3x)*1)")])

    assert found["said"] == [
        ["Right: it agrees with the derivative at 8 points, which is strong evidence and no proof."]
    ]


def test_points_lie_in_the_domain_and_on_both_sides_of_a_kink() -> None:
    roots = quiz(sd.derive("sqrt(x)", where={"x": "(0, 1)"}))
    both = quiz(sd.derive("log(abs(x))"))

    assert all(0 < x < 1 for (x,) in roots["points"])
    assert {x > 0 for (x,) in both["points"]} == {True, False}


@pytest.mark.parametrize(
    "derivation",
    [
        lambda: sd.derive(sd.functions["relu"]),
        lambda: sd.derive(sd.functions["gelu"]),
        lambda: sd.derive("x^2 + y^2 = 25", "x", of="y"),
        lambda: sd.derive(sd.functions["mse_n"]),
    ],
)
def test_what_the_script_cannot_read_is_not_asked(derivation: Any) -> None:
    assert quiz_data(derivation()) == ""


# --- the languages of a box -----------------------------------------------------------------------

ANSWERS = {
    "2*x*sin(3*x) + 3*x^2*cos(3*x)": (
        ["Right: the solution has this line too."],
        ["Richtig: Diese Zeile steht auch in der Lösung."],
    ),
    "x(2sin(3x) + 3x*cos(3x)*1)": (
        [
            "Right: it agrees with the derivative at 8 points, which is strong evidence "
            "and no proof."
        ],
        [
            "Richtig: An 8 Stellen stimmt die Antwort mit der Ableitung überein; das spricht sehr "
            "dafür, ist aber kein Beweis."
        ],
    ),
    "2x*sin(3x) + 2.99x^2*cos(3x)": (
        ["Not right: it differs from the derivative, for example at x = 2."],
        ["Nicht richtig: Die Antwort weicht von der Ableitung ab, zum Beispiel bei x = 2."],
    ),
    "x(2)": (
        ["This cannot be read: Write x*2 for the product.", "x ▸ (2)"],
        ["Das lässt sich nicht lesen: Für das Produkt x*2 schreiben.", "x ▸ (2)"],
    ),
    "2x*3cos(3x)": (
        [
            "Which rule? Your answer is what comes out in this way:",
            "Product of derivatives. Derivatives distribute over sums, not over products.",
            ["The rule instead: ", "product rule", "", "d/dx [fg] = df/dx · g + f · dg/dx"],
        ],
        [
            "Welche Regel? So ergibt sich diese Antwort:",
            "Produkt der Ableitungen. Summandenweise ableiten ist erlaubt, faktorweise nicht.",
            ["Die passende Regel: ", "Produktregel", "", "d/dx [fg] = df/dx · g + f · dg/dx"],
        ],
    ),
}
"""What an English box says of an answer, and a German one."""


@pytest.mark.parametrize(
    ("language", "column"), [("en", 0), ("de", 1), ("xx", 0), ("__proto__", 0)]
)
def test_a_box_speaks_its_language_or_else_english(language: str, column: int) -> None:
    told = quiz(ASKED["a product"](), ("en", "de")[column])
    found = node({"it": told}, [("it", answer) for answer in ANSWERS], language=language)

    assert found["said"] == [expected[column] for expected in ANSWERS.values()]


def test_what_is_typed_fills_a_slot_and_nothing_more() -> None:
    """Neither a slot nor a pattern of replacement in an answer is taken for one of ours."""
    told = {**quiz(ASKED["a product"]()), "names": {"x": 0, "{0}$&": 0}}
    found = node({"it": told}, [("it", "q1"), ("it", "{0}$&(x)")], language="de")

    assert [said[0] for said in found["said"]] == [
        "Das lässt sich nicht lesen: Diese Seite kennt den Namen q1 nicht.",
        "Das lässt sich nicht lesen: Für das Produkt {0}$&*x schreiben.",
    ]


def test_the_values_of_a_quiz_are_the_same_in_every_language() -> None:
    english, german = (quiz(ASKED["a loss"](), language) for language in ("en", "de"))
    notes = list(zip(english.pop("notes"), german.pop("notes"), strict=True))

    assert english == german
    assert len(notes) > 3
    for one, other in notes:
        assert {key for key in one if one[key] != other[key]} == {"name", "why", "law"}


# --- the script as it is shipped -----------------------------------------------------------------


def test_the_script_runs_no_text_and_asks_nobody() -> None:
    """A strict policy lets it run, and an answer can do nothing but be read."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", quiz_script(), flags=re.DOTALL)
    forbidden = (
        r"\beval\b|\bFunction\b|innerHTML|outerHTML|insertAdjacent|document\.write|setTimeout|"
        r"fetch|XMLHttp|WebSocket|import\b|\.style\b|localStorage|cookie|https?:"
    )

    assert re.findall(forbidden, code) == []
    assert len(gzip.compress(quiz_script().encode())) < 9_500


BOX = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self';
style-src 'self'; form-action 'none'; require-trusted-types-for 'script'">
<link rel="stylesheet" href="symderiv.css"><script defer src="symderiv-quiz.js"></script></head>
<body><main>PIECES</main></body></html>
"""

DRIVE = """<!doctype html><meta charset="utf-8"><pre></pre><script>
const wait = ms => new Promise(done => setTimeout(done, ms));
(async () => {
  const frame = document.createElement("iframe"), out = {};
  frame.style.cssText = "width:900px;height:900px;border:0";
  frame.src = "page.html";
  document.body.append(frame);
  await new Promise(done => frame.onload = done);
  await wait(300);
  const doc = frame.contentDocument, view = frame.contentWindow, wrong = [];
  view.addEventListener("error", event => wrong.push(event.message));
  doc.addEventListener("securitypolicyviolation", event => wrong.push(event.violatedDirective));
  const ask = (box, answer) => {
    box.querySelector("input").value = answer;
    box.querySelector("button").click();
    return box.querySelector(".sd-said").textContent;
  };
  const boxes = () => [...doc.querySelectorAll(".sd-quiz")];
  const [first, , third] = boxes(), main = doc.querySelector("main");
  out.boxes = boxes().length;
  out.forms = doc.querySelectorAll(".sd-quiz form").length;
  out.said = ANSWERS.map(answer => ask(first, answer));
  out.live = first.querySelector(".sd-said").getAttribute("aria-live");
  out.labelled = first.querySelector("input").labels[0].textContent.trim();
  out.link = (first.querySelector(".sd-said a") || {}).href;
  out.german = [...ANSWERS.map(answer => ask(third, answer)), ask(first, "")];
  const copies = TAGGED.map(([own, around]) => {
    const copy = first.cloneNode(), outer = doc.createElement("div");
    copy.removeAttribute("lang");
    if (own) copy.lang = own;
    if (around) outer.lang = around;
    outer.append(copy);
    main.append(outer);
    return copy;
  });
  await wait(100);
  out.tagged = copies.map(copy => copy.querySelector("button").textContent);
  for (const copy of copies) copy.parentNode.remove();
  out.folded = [...doc.querySelectorAll(".sd-solution")].every(fold => !fold.open
    && !fold.querySelector("math").checkVisibility());
  const again = doc.createElement("main");
  for (const box of main.querySelectorAll(".sd-quiz")) box.replaceChildren();
  again.append(...main.cloneNode(true).childNodes);
  main.replaceWith(again);  // what instant navigation does: new content, and no script runs anew
  await wait(100);
  out.again = ask(boxes()[0], ANSWERS[0]);
  out.germanAgain = ask(boxes()[2], ANSWERS[0]);
  out.still = doc.location.pathname;
  out.wrong = wrong;
  document.querySelector("pre").append(JSON.stringify(out));
})();
</script>"""


TAGGED = {("de-AT", ""): "Prüfen", ("", "DE"): "Prüfen", ("en", "de"): "Check",
          ("fr", "de"): "Check", ("", ""): "Check"}  # fmt: skip
"""The button of a box by its own language and that of what is around it, on an English page."""


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Chromium makes of a page with three exercises under a strict policy."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if browser is None:
        pytest.skip("this needs chromium, which is not installed")
    folder = tmp_path_factory.mktemp("quiz")
    site, taken = Site("/docs/", cache="", quiz=True), set[str]()
    pieces = [piece(read_line(f"exercise {what}"), HTML, site, taken)
              for what in ('expr="x^2*sin(3x)" id=one', "sigmoid id=two",
                           'expr="x^2*sin(3x)" id=three language=de')]  # fmt: skip
    answers = ["x(2sin(3x)+3x cos(3x))", "2x*3cos(3x)", "", "2x(", "<b>x</b>", "2x*3cos(3x)"]
    drive = DRIVE.replace("ANSWERS", json.dumps(answers)).replace("TAGGED", json.dumps([*TAGGED]))
    (folder / "page.html").write_text(BOX.replace("PIECES", "\n".join(pieces)), encoding="utf-8")
    (folder / "symderiv.css").write_text(site_css(), encoding="utf-8")
    (folder / "symderiv-quiz.js").write_text(quiz_script(), encoding="utf-8")
    (folder / "drive.html").write_text(drive)
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        done = subprocess.run(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
                "--virtual-time-budget=10000", "--dump-dom",
                f"http://127.0.0.1:{server.server_port}/drive.html",
            ],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    finally:
        server.shutdown()
        server.server_close()
    found: dict[str, Any] = json.loads(
        html.unescape(re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)[1])
    )
    return found


def test_the_box_works_under_a_strict_policy_and_nothing_is_sent(driven: dict[str, Any]) -> None:
    right, slip, empty, cut, tags, _ = driven["said"]

    assert driven["boxes"] == driven["forms"] == 3
    assert right.startswith("Right: ")
    assert slip.startswith("Which rule? ")
    assert "Product of derivatives. Derivatives distribute over sums, not over products." in slip
    assert empty == "Write your answer first."
    assert cut.startswith("This cannot be read: ")
    assert "<b>x</b>" in tags.replace(" ▸ ", "")
    assert driven["wrong"] == []
    assert driven["still"] == "/page.html"


def test_a_box_of_a_german_piece_speaks_german_on_an_english_page(driven: dict[str, Any]) -> None:
    right, slip, empty, cut, tags, _, english = driven["german"]

    assert right.startswith("Richtig: ")
    assert "Produkt der Ableitungen. Summandenweise ableiten ist erlaubt" in slip
    assert empty == "Bitte zuerst eine Antwort eingeben."
    assert cut.startswith("Das lässt sich nicht lesen: Hier müsste eine Zahl, ")
    assert "<b>x</b>" in tags.replace(" ▸ ", "")
    assert english == "Write your answer first.", "the box beside it stays English"


def test_the_language_of_a_box_is_its_own_or_that_around_it(driven: dict[str, Any]) -> None:
    assert dict(zip(TAGGED, driven["tagged"], strict=True)) == TAGGED


def test_the_box_is_labelled_and_what_it_says_is_announced(driven: dict[str, Any]) -> None:
    assert driven["labelled"] == "Your answer"
    assert driven["live"] == "polite"
    assert driven["link"].endswith("/docs/rules/#product-rule")
    assert driven["folded"]


def test_a_page_that_comes_in_by_instant_navigation_gets_its_box(driven: dict[str, Any]) -> None:
    assert driven["again"] == driven["said"][0]
    assert driven["germanAgain"] == driven["german"][0]
