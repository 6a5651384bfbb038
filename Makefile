# Every verb sets up by itself; `make handout` and `make test` need only Python and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: handout test golden bench clean

handout: .venv/run          ## write the documents of the post into output/
	$(BIN)/symderiv handout -o output

test: .venv/test            ## ruff, mypy strict, pytest with doctests and README's examples
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadfile

bench: .venv/test           ## measure against the peers; prints the table of benchmarks/README.md
	$(BIN)/python -m benchmarks

.venv/run: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/test: .venv/run
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[test,proofread]"
	touch $@

clean:                      ## remove what the other verbs set up
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache dist
