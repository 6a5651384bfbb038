"""A file of answers: none is lost, none stops or changes another, and nothing typed is run."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest

import symderiv as sd
from symderiv.documents.folders import FONT
from symderiv.errors import Mistake
from symderiv.homework.rubric import Milestone, Rubric, credit
from symderiv.marking.answers import Answer, read_answers
from symderiv.marking.journal import Journal
from symderiv.marking.keys import read_key
from symderiv.marking.naming import file_names
from symderiv.marking.report import JOURNAL, Report, mark_file
from symderiv.marking.tables import csv_text, harmless
from symderiv.marking.workers import Limits, Outcome, WorkerLost, outcomes

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "homework"
POISONED = (sys.executable, str(ROOT / "tests" / "poisoned.py"))
KEY = """
title = "Sheet"
seconds = 2
megabytes = 700
[questions.q1]
question = "D(x^2, x)"
marks = 2
"""
NEIGHBOURS = {"2x": "correct", "x + x": "correct", "x": "incorrect", "2x)": "unreadable"}


@pytest.fixture(scope="session", autouse=True)
def _workers_find_the_package() -> None:
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    )


def write_answers(folder: Path, rows: list[tuple[str, str]], key: str = KEY) -> tuple[Path, Path]:
    """A key, and a file of answers to its first question."""
    (folder / "key.toml").write_text(key, encoding="utf-8")
    with (folder / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("student", "answer"), *rows])
    return folder / "key.toml", folder / "answers.csv"


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def everything(folder: Path) -> dict[str, bytes]:
    """Each file of a report by its name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# poison


POISONS = {
    "loop": ("undecided", "more than 2 seconds"),
    "memory": ("undecided", "more than 700 megabytes"),
    "abort": ("undecided", "ended twice"),
    "exit": ("undecided", "ended twice"),
    "kill": ("undecided", "ended twice"),
    "raise": ("undecided", "ValueError: poison"),
    "print": ("correct", ""),
    "killed-once {folder}/trace": ("correct", ""),
}


def test_no_answer_can_stop_lose_or_change_another(tmp_path: Path) -> None:
    """The worst that students can hand in, all at once, costs nobody else anything."""
    texts = [text + " " * k for k in range(4) for text in NEIGHBOURS]
    clean = [(f"s{k}", text) for k, text in enumerate(texts)]
    rows = list(clean)
    for k, poison in enumerate(POISONS):
        rows.insert(2 * k + 1, (poison, f"POISON {poison.format(folder=tmp_path)}"))
    key, answers = write_answers(tmp_path, rows)
    mark_file(key, answers, tmp_path / "report", workers=2, command=POISONED)
    found = {row["student"]: row for row in table(tmp_path / "report" / "results.csv")}
    key, answers = write_answers(tmp_path, clean)
    mark_file(key, answers, tmp_path / "without", command=POISONED)
    without = {row["student"]: row for row in table(tmp_path / "without" / "results.csv")}

    for poison, (verdict, because) in POISONS.items():
        assert found[poison]["verdict"] == verdict, poison
        assert because in found[poison]["reason"], poison
        assert found[poison]["marks"] == ("2" if verdict == "correct" else "")
    assert [found[s]["verdict"] for s, _ in clean] == [NEIGHBOURS[t.strip()] for _, t in clean]
    assert {s: row for s, row in found.items() if s not in POISONS} == without


def test_an_answer_that_only_waits_is_ended_by_the_clock(tmp_path: Path) -> None:
    """CPU time does not pass for what sleeps: the clock is the last line."""
    (tmp_path / "key.toml").write_text(KEY)
    tasks = [{"question": "q1", "text": text} for text in ("POISON sleep", "2x")]
    found = sorted(
        outcomes(tasks, POISONED, {"key": KEY}, Limits(patience=6)), key=lambda one: one.number
    )

    assert found[0] == Outcome(0, failure="waited")
    assert found[1].done["verdict"] == "correct"


def test_workers_that_cannot_start_are_named_and_not_the_students() -> None:
    with pytest.raises(WorkerLost):
        list(outcomes([1, 2], [sys.executable, "-c", "raise SystemExit(3)"], None))


# the journal


def test_an_interrupted_run_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    rows = [(f"s{k}", f"{k % 7}*x + {k}") for k in range(60)]
    key, answers = write_answers(tmp_path, rows)
    mark_file(key, answers, tmp_path / "whole")
    done: list[int] = []

    def interrupt(count: int, _: int) -> None:
        done.append(count)
        if count == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mark_file(key, answers, tmp_path / "broken", progress=interrupt)
    journal = tmp_path / "broken" / JOURNAL
    lines = journal.read_bytes()
    assert lines.count(b"\n") == 26
    journal.write_bytes(lines + b'{"name": "cut off in the mid')
    done.clear()
    mark_file(key, answers, tmp_path / "broken", progress=lambda count, _: done.append(count))

    assert done[0] == 26
    assert everything(tmp_path / "broken") == everything(tmp_path / "whole")


def test_a_killed_run_leaves_a_journal_that_serves(tmp_path: Path) -> None:
    """Killed from outside, in the middle, as when the power fails."""
    rows = [(f"s{k}", f"{k}*x") for k in range(8)] + [("slow", "POISON sleep")]
    key, answers = write_answers(tmp_path, rows)
    script = (
        "import sys; from pathlib import Path; from symderiv.marking.report import mark_file\n"
        f"mark_file(Path({str(key)!r}), Path({str(answers)!r}), Path({str(tmp_path / 'r')!r}), "
        f"command={POISONED!r})"
    )
    process = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    journal = tmp_path / "r" / JOURNAL
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if journal.is_file() and journal.read_bytes().count(b"\n") >= 10:
            break
        time.sleep(0.2)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    key, answers = write_answers(tmp_path, rows[:-1])
    done: list[int] = []
    mark_file(key, answers, tmp_path / "r", progress=lambda count, _: done.append(count))

    assert done == []
    assert len(table(tmp_path / "r" / "results.csv")) == 8


def test_a_journal_of_another_key_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path, "one") as journal:
        journal.add("a", {"verdict": "correct"})
    with Journal(path, "one") as journal:
        assert journal.records == {"a": {"verdict": "correct"}}
    with Journal(path, "another") as journal:
        assert journal.records == {}


def test_the_number_of_workers_changes_no_byte(tmp_path: Path) -> None:
    rows = [(f"s{k}", f"{k % 5}*x") for k in range(30)]
    key, answers = write_answers(tmp_path, rows)
    for count in (1, 3):
        mark_file(key, answers, tmp_path / str(count), workers=count)

    assert everything(tmp_path / "1") == everything(tmp_path / "3")


def test_equal_text_is_judged_once(tmp_path: Path) -> None:
    key, answers = write_answers(tmp_path, [(f"s{k}", "2x") for k in range(50)])
    counts: list[tuple[int, int]] = []
    mark_file(key, answers, tmp_path / "r", progress=lambda *count: counts.append(count))

    assert counts == [(1, 2), (2, 2)]  # the solution, and one answer
    assert len(table(tmp_path / "r" / "results.csv")) == 50


# what is written


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    report = mark_file(EXAMPLE / "KEY.toml", EXAMPLE / "answers.csv", folder, workers=2)
    assert isinstance(report, Report)
    return folder


def test_the_example_is_judged_as_a_teacher_would(example: Path) -> None:
    """Verdicts and marks worked out by hand from the key."""
    found = {(r["student"], r["question"]): r for r in table(example / "results.csv")}
    said = {who: (row["verdict"], row["marks"]) for who, row in found.items()}

    assert said == {
        ("ada", "q1"): ("correct", "2"),
        ("ada", "q2"): ("correct", "3"),
        ("ada", "q3"): ("correct", "3"),
        ("ben", "q1"): ("incorrect", "0.5"),
        ("ben", "q2"): ("correct", "2"),
        ("ben", "q3"): ("correct", "3"),
        ("cleo", "q1"): ("correct", "2"),
        ("cleo", "q2"): ("incorrect", "0"),
        ("cleo", "q3"): ("incorrect", "0"),
        ("dan", "q1"): ("incorrect", "0"),
        ("dan", "q2"): ("unreadable", ""),
        ("dan", "q3"): ("incorrect", "0"),
    }


def test_review_has_what_a_person_must_look_at_and_nothing_else(example: Path) -> None:
    rows = table(example / "review.csv")

    assert [(r["student"], r["question"], r["verdict"]) for r in rows] == [
        ("dan", "q2", "unreadable")
    ]


def test_gradescope_reads_the_results(example: Path) -> None:
    """By its specification: a list of tests with numbers and texts, scores within their bounds."""
    for path in [example / "results.json", *sorted((example / "students").glob("*.json"))]:
        results = json.loads(path.read_text(encoding="utf-8"))
        assert results["output_format"] in {"text", "html", "simple_format", "md", "ansi"}
        for one in results["tests"]:
            assert 0 <= one["score"] <= one["max_score"]
            assert isinstance(one["name"], str)
            assert isinstance(one["output"], str)
            assert one["visibility"] == "visible"
    ada = json.loads((example / "students" / "ada.json").read_text(encoding="utf-8"))
    assert sum(one["score"] for one in ada["tests"]) == 8


def test_what_waits_is_counted_in_full_and_says_so(tmp_path: Path) -> None:
    """A matrix for a number goes to a person: until then no mark is taken away for it."""
    key, answers = write_answers(tmp_path, [("s1", "transpose(x)"), ("s2", "2x)"), ("s3", "2x")])
    mark_file(key, answers, tmp_path / "r")
    waits, unread, right = json.loads((tmp_path / "r" / "results.json").read_text())["tests"]

    assert waits["score"] == waits["max_score"] > 0
    assert waits["output"].startswith("What could not be decided is counted in full here")
    assert unread["score"] == 0
    assert unread["output"].startswith("Not counted yet")
    assert right["output"].startswith("q1\n--")


def test_an_undecided_line_of_a_wrong_derivation_takes_no_mark_away() -> None:
    """Worked out by hand: the answer is wrong (0 of 2), the rule may stand in the undecided line
    (1 of 1 until a person has looked)."""
    marked = sd.check_lines("D(x*sin(x), x)", ["transpose(x)", "cos(x)"])
    rubric = Rubric((Milestone(Fraction(1), "rule", "product rule"),))

    assert [line.verdict for line in marked.lines] == ["undecided", "wrong"]
    assert credit(marked, rubric).marks is None
    assert credit(marked, rubric).meanwhile == 1


class Links(HTMLParser):
    """The anchors and the links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and tag == "a":
                self.links.append(value or "")


def test_pages_are_written_in_every_format_that_was_asked_for(tmp_path: Path) -> None:
    folder = ROOT / "examples" / "homework"
    formats = ("html", "markdown", "latex", "text", "json")
    files = folder / "KEY.toml", folder / "answers.csv"
    mark_file(*files, tmp_path / "r", formats=formats)
    for ending in (".html", ".md", ".tex", ".txt", ".page.json"):
        page = (tmp_path / "r" / "students" / f"ben{ending}").read_text(encoding="utf-8")
        assert "product of derivatives" in page
        assert "Solution" in page
        assert (tmp_path / "r" / f"class{ending}").exists()
    lines = (tmp_path / "r" / "students" / "dan.md").read_text(encoding="utf-8").splitlines()
    opened = [k for k, line in enumerate(lines) if line.startswith(("**", "#", "| For"))]

    assert all(k == 0 or lines[k - 1] == "" for k in opened), "else it belongs to the table above"
    assert len(json.loads(page)["answers"]) == 6


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="this needs pdflatex")
def test_a_students_page_in_latex_is_a_document(tmp_path: Path) -> None:
    folder = ROOT / "examples" / "homework"
    files = folder / "KEY.toml", folder / "answers.csv"
    mark_file(*files, tmp_path / "r", formats=("latex",))
    command_ = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"]
    for name in ("students/ben.tex", "students/dan.tex", "class.tex"):
        done = subprocess.run(
            [*command_, str(tmp_path / "r" / name)], cwd=tmp_path, capture_output=True, timeout=120
        )
        assert done.returncode == 0, done.stdout[-800:]


def test_every_link_of_a_students_page_leads_somewhere(example: Path) -> None:
    for path in (example / "students").glob("*.html"):
        page = Links(path.read_text(encoding="utf-8"))
        assert len(page.ids) == len(set(page.ids))
        assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_the_class_page_groups_equal_answers(tmp_path: Path) -> None:
    """x + x, 2x and x*2 are one answer that three gave; x and 3x - 2x another, of two."""
    given = ["x + x", "2x", "x*2", "x", "3x - 2x", "x^3"]
    key, answers = write_answers(tmp_path, [(f"s{k}", text) for k, text in enumerate(given)])
    mark_file(key, answers, tmp_path / "r")
    page = (tmp_path / "r" / "class.html").read_text(encoding="utf-8")
    rows = page.partition('<th scope="col">Students</th>')[2].split("<tr>")[1:]

    assert ["<td>3</td>" in rows[0], "<td>2</td>" in rows[1], "<td>1</td>" in rows[2]] == [True] * 3
    assert len(rows) == 3


# what is untrusted


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-x", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u3000=1"]
)
def test_no_cell_is_a_formula_to_a_spreadsheet(cell: str) -> None:
    """By OWASP's list of the signs with which a spreadsheet begins to calculate."""
    assert harmless(cell).startswith("'")
    row = next(csv.reader(io.StringIO(csv_text(("a",), [(cell,)]).partition("\n")[2])))
    assert row[0][0] == "'"


def test_numbers_and_words_stay_as_they_are() -> None:
    assert [harmless(cell) for cell in ("0.5", "-2", "x", "")] == ["0.5", "-2", "x", ""]


def test_students_names_lead_nowhere_and_never_share_a_file(tmp_path: Path) -> None:
    names = [
        *(
            "../../etc/passwd",
            "/etc/passwd",
            "..",
            ".",
            "",
            "a/b",
            "a\\b",
            "C:\\x",
            "con",
            "nul.txt",
        ),
        *("Ana", "ana", "ANA", "x" * 500, "x" * 501, "é", "è", "\x1b[31m", "a\nb", "a b", "a-b"),
        *("<script>", "{{7*7}}", "-rf", ".ssh", "лена", "\ud800"),
    ]
    found = file_names(names)

    assert len({name.lower() for name in found.values()}) == len(names)
    for name in found.values():
        assert (tmp_path / f"{name}.html").resolve().parent == tmp_path.resolve()
        assert name.isascii()
        assert len(name) <= 100
        assert not name.startswith((".", "-"))
    assert file_names(["zoe", "a.b@c.org"]) == {"zoe": "zoe", "a.b@c.org": "a.b@c.org"}


def test_a_name_made_to_look_like_another_ones_file_gets_its_own() -> None:
    made = file_names(["a/b"])["a/b"]
    found = file_names(["a/b", made])

    assert found["a/b"] != found[made]


HOSTILE = [
    "<script>alert(1)</script>", "</pre></details><h1>100 %</h1>", "{{7*7}}{% for x in y %}",
    "\\input{/etc/passwd}\\end{document}", "\x1b[31mred\x07", "=cmd|' /C calc'!A0", "]]>&amp;",
]  # fmt: skip


def test_nothing_hostile_breaks_out_of_a_page_or_a_table(tmp_path: Path) -> None:
    rows = [(f"{text} {k}", text) for k, text in enumerate(HOSTILE)]
    key, answers = write_answers(tmp_path, rows)
    mark_file(key, answers, tmp_path / "r")
    for path in (tmp_path / "r").rglob("*"):
        if path.is_file() and path.name != FONT:
            text = path.read_text(encoding="utf-8")
            assert "\x1b" not in text
            assert "\x07" not in text
            if path.suffix == ".html":
                assert "<script" not in text
                assert "<h1>100" not in text
                assert "49" not in text.partition("<main>")[2].replace("&#39;", "")
    assert len(table(tmp_path / "r" / "results.csv")) == len(HOSTILE)
    assert all(r["verdict"] == "unreadable" for r in table(tmp_path / "r" / "results.csv"))


# files of answers


def test_csv_json_lines_and_folders_say_the_same(tmp_path: Path) -> None:
    wanted = [Answer("ana", "q1", "2x"), Answer("ana", "q2", "y"), Answer("bob", "q1", "x, y")]
    questions = ["q1", "q2"]
    long = tmp_path / "long.csv"
    long.write_text('\ufeffstudent,question,answer\nana,q1,2x\nana,q2,y\nbob,q1,"x, y"\n', "utf-8")
    semicolons = tmp_path / "semicolons.csv"
    semicolons.write_text("Student;Question;Answer\nana;q1;2x\nana;q2;y\nbob;q1;x, y\n")
    wide = tmp_path / "wide.csv"
    wide.write_text('student,q1,q2\nana,2x,y\nbob,"x, y",\n')
    lines = tmp_path / "answers.jsonl"
    lines.write_text(
        "\n".join(
            json.dumps({"student": a.student, "question": a.question, "answer": a.text})
            for a in wanted
        )
    )
    folder = tmp_path / "folder"
    for answer in wanted:
        (folder / answer.student).mkdir(parents=True, exist_ok=True)
        (folder / answer.student / f"{answer.question}.txt").write_text(answer.text)

    for path in (long, semicolons, lines, folder):
        assert read_answers(path, questions) == wanted
    assert read_answers(wide, questions) == [*wanted, Answer("bob", "q2", "")]


def test_what_cannot_be_understood_is_kept_for_a_person(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(
        'not json\n{"answer": "2x"}\n{"student": "a", "question": "q9", "answer": "x"}\n'
    )
    found = read_answers(path, ["q1"])

    assert [bool(answer.problem) for answer in found] == [True, True, True]
    assert "q9" in found[2].problem


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    """A student who hands in a link to the key must not get it printed on his page."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    folder = tmp_path / "in"
    (folder / "eve").mkdir(parents=True)
    (folder / "eve" / "q1.txt").symlink_to(secret)
    (folder / "eve2").symlink_to(tmp_path)
    (folder / "ana").mkdir()
    (folder / "ana" / "q1.txt").write_text("2x")

    assert read_answers(folder, ["q1"]) == [Answer("ana", "q1", "2x")]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x =", "TOML"),
        ("title = 'a'", "no questions"),
        ("[questions.q1]\nanswer = '2x'", "question q1"),
        ("[questions.q1]\nquestion = 'D(x^2, x'", "question q1"),
        ("[questions.q1]\nquestion = 'D(x^2, x)'\nmark = 2", "mark"),
        ("[questions.q1]\nquestion = 'D(x^2, x)'\nmarks = -1", "-1"),
        (
            "[questions.q1]\nquestion = 'D(x^2, x)'\n[questions.q1.rubric.rules]\n'no rule' = 1",
            "no rule",
        ),
        ("[questions.q1]\nquestion = 'D(x^2, x)'\n[questions.q1.rubric.slips]\n'none' = 1", "none"),
        ("[questions.q1]\nquestion = 'D(x^2, x)'\nwhere = 'x'", "where"),
    ],
)
def test_a_mistake_in_the_key_is_named_before_any_answer_is_judged(text: str, names: str) -> None:
    with pytest.raises(Mistake, match=names):
        read_key(text)


def test_a_key_says_what_each_question_is_worth() -> None:
    key = read_key((EXAMPLE / "KEY.toml").read_text(encoding="utf-8"))

    assert {name: q.rubric.marks for name, q in key.questions.items()} == {
        "q1": Fraction(2), "q2": Fraction(3), "q3": Fraction(3)
    }  # fmt: skip


# the command line, and Gradescope


def command(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "symderiv.cli", "check", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def test_the_command_writes_the_report_and_names_its_files(tmp_path: Path) -> None:
    key, answers = write_answers(tmp_path, [("ana", "2x"), ("bob", "2x)")])
    done = command("--key", str(key), str(answers), "-o", "out", folder=tmp_path)
    files = (path for path in (tmp_path / "out").rglob("*") if path.is_file())
    written = {str(path) for path in files if path.name != FONT}  # it comes with each page

    assert done.returncode == 0
    assert {str(tmp_path / line) for line in done.stdout.splitlines()} == written
    assert "2 answers, 1 for a person" in done.stderr
    assert "\x1b" not in done.stderr  # no bar where there is no terminal


@pytest.mark.parametrize(
    ("key", "answers", "says"),
    [
        ("no.toml", "answers.csv", "cannot be read"),
        ("key.toml", "no.csv", "cannot be read"),
        ("answers.csv", "answers.csv", "no TOML"),
        ("key.toml", "key.toml", "must name the columns"),
    ],
)
def test_a_mistake_of_the_teachers_ends_with_2_and_says_what_to_do(
    key: str, answers: str, says: str, tmp_path: Path
) -> None:
    write_answers(tmp_path, [("ana", "2x")])
    done = command("--key", key, answers, folder=tmp_path)

    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_feedback_on_one_answer_is_a_page_in_every_format(tmp_path: Path) -> None:
    for name, status, answer in (
        ("page.html", 1, "x"),
        ("page.tex", 0, "2x"),
        ("page.md", 3, "x)"),
    ):
        done = command("D(x^2, x)", answer, "-o", name, folder=tmp_path)
        assert done.returncode == status
        assert "Feedback on an answer" in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Gradescope runs Linux")
def test_the_autograder_leaves_results_for_gradescope(tmp_path: Path) -> None:
    """The folder as Gradescope lays it out, and its own script."""
    example = ROOT / "examples" / "autograder"
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "key.toml").write_bytes((example / "key.toml").read_bytes())
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "q1.txt").write_text("2x sin x + x^2 cos x")
    (tmp_path / "submission" / "q2.txt").write_text(
        "-D(1 + exp(-z), z)/(1 + exp(-z))^2\n= -exp(-z)/(1 + exp(-z))^2\n"
    )
    program = tmp_path / "symderiv"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m symderiv.cli "$@"\n')
    program.chmod(0o755)
    environment = {
        **os.environ, "AUTOGRADER": str(tmp_path), "SYMDERIV": str(program),
        "PYTHON": sys.executable,
    }  # fmt: skip
    subprocess.run(
        ["bash", str(example / "run_autograder")], env=environment, check=True, timeout=300
    )
    results = json.loads((tmp_path / "results" / "results.json").read_text(encoding="utf-8"))
    first, second = results["tests"]

    assert (first["name"], first["score"], first["max_score"]) == ("A product", 2, 2)
    assert second["score"] < second["max_score"] == 3
    assert "The first wrong line is line 2." in second["output"]
    assert "Hint 3" not in second["output"]

    (tmp_path / "source" / "key.toml").write_text("broken")
    subprocess.run(
        ["bash", str(example / "run_autograder")], env=environment, check=True, timeout=300
    )
    results = json.loads((tmp_path / "results" / "results.json").read_text(encoding="utf-8"))
    assert results["score"] == 0
    assert "no TOML" in results["output"]
