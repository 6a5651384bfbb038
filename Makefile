# Every verb sets up by itself; `make handout` and `make test` need only Python and make.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: handout test engines golden bench clean

handout: .venv/run          ## write the documents of the post into output/
	$(BIN)/symderiv handout -o output

test: .venv/test            ## ruff, mypy strict, pytest with doctests and README's examples
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist loadfile

engines: .npm/node_modules  ## KaTeX, MathJax, axe-core and Playwright for the tests; needs npm

bench: .venv/test           ## measure against the peers; prints the table of benchmarks/README.md
	$(BIN)/python -m benchmarks

.venv/run: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/test: .venv/run
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[test,proofread]"
	touch $@

.npm/node_modules: tests/engines/package.json
	mkdir -p .npm
	cp $< .npm/
	npm install --prefix .npm --no-package-lock --no-audit --no-fund --loglevel=error \
		--fetch-retries=2 --fetch-timeout=60000
	touch $@

clean:                      ## remove what the other verbs set up
	rm -rf .venv .npm .mypy_cache .pytest_cache .ruff_cache dist
