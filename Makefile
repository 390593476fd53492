# make run · make test · make test-all · make serve · make check · make bench; `make .venv` only sets up
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
DEMO := db/demo/corpus.db
PORT ?= 8001

.PHONY: next run test test-all serve check bench bench-changes bench-watch bench-text bench-desk bench-claims bench-claims-page bench-review bench-families docs shape clean

# the stamps stand inside the folder that they speak of: deleting .venv sets up anew
.venv: .venv/.installed
.venv/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@
.venv/.dev: .venv/.installed
	$(PIP) install --quiet --constraint constraints.txt --editable ".[dev]"
	$(PIP) install --quiet --constraint constraints.txt --no-deps irrCAC
	touch $@

# the next Datasette in an environment of its own: the pages have to work with it too; tests use it where it is there
next: .venv-next/.installed
.venv-next/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-next
	grep -v '^datasette==' constraints.txt > .venv-next/constraints.txt
	.venv-next/bin/python -m pip --disable-pip-version-check install --quiet --constraint .venv-next/constraints.txt \
		--editable ".[team]" "datasette==1.0a41"
	touch $@

run: .venv/.installed
	$(BIN)/clinicwatch demo

test: .venv/.dev
	$(BIN)/python -m pytest -q -n auto --dist loadfile

test-all: test  # and the long forms: kills and power cuts by the thousand, in simulation
	$(BIN)/python -m tests.bench --large 0

serve: .venv/.installed
	@test -f $(DEMO) || $(BIN)/clinicwatch demo
	$(BIN)/clinicwatch serve --db $(DEMO) --port $(PORT)

check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/cog --check -I . README.md docs/*.md

docs: .venv/.dev
	$(BIN)/cog -r -I . README.md docs/*.md

bench: .venv/.dev
	$(BIN)/python -m tests.bench

bench-desk: .venv/.dev  # builds a corpus of 1.5 GB in a temporary folder
	$(BIN)/python -m tests.bench.desk

bench-claims-page: .venv/.dev  # builds a corpus of some 4 GB in a temporary folder
	$(BIN)/python -m tests.bench.claims_page

bench-text: .venv/.dev
	$(PIP) install --quiet --upgrade "pip>=24"  # 23.2 stumbles over two rivals that both ask for lxml[html_clean]
	$(PIP) install --quiet --constraint constraints.txt --editable ".[bench]"
	$(BIN)/python -m tests.bench.text

bench-changes: .venv/.dev
	$(BIN)/python -m tests.bench.changes
	$(BIN)/python -m tests.bench.changes --held-out
	$(BIN)/python -m tests.bench.histories
	$(BIN)/python -m tests.bench.change_speed

bench-claims: .venv/.dev
	$(BIN)/python -m tests.bench.claims --slow

bench-review: .venv/.dev
	$(BIN)/python -m tests.bench.prioritise

bench-watch: .venv/.dev
	$(BIN)/python -m tests.bench.watch --world first
	$(BIN)/python -m tests.bench.watch --world second
	$(BIN)/python -m tests.bench.watch --world third
	$(BIN)/python -m tests.bench.watch --world fourth

bench-families: .venv/.dev
	$(PIP) install --quiet --upgrade "pip>=24"  # as for bench-text
	$(PIP) install --quiet --constraint constraints.txt --editable ".[bench]"
	$(BIN)/python -m tests.bench.families
	$(BIN)/python -m tests.bench.family_scale --write

shape: .venv/.dev
	$(BIN)/python -m tests.bench.shape

clean:
	rm -rf .venv .venv-next db/demo
