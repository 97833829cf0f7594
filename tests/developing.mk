# Included by the Makefile at the top.

.PHONY: test quick fuzz bench format lock

test: $(VENV)/.test ## run everything that holds the promises; installs a browser and epubcheck if need be
	@$(VENV)/bin/python -m tests.chromium
	@$(VENV)/bin/python -m tests.epubcheck
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/oxlint --config tests/oxlint.json docs/assets
	$(VENV)/bin/oxfmt --config tests/oxfmt.json --check docs/assets
	$(VENV)/bin/zizmor --offline --quiet --min-severity medium .github template/.github
	$(VENV)/bin/mypy
	$(SIC) check
	$(VENV)/bin/pytest --numprocesses auto --dist loadfile --quiet

# No browser, no site generator, nothing that takes long; a tenth of the examples of each law.
QUICK := not browser and not engine and not slow
quick: $(VENV)/.test ## run what tells of most mistakes within a minute; `make test` runs everything
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(SIC) check
	$(VENV)/bin/pytest --numprocesses auto --dist worksteal --quiet --hypothesis-profile quick -m "$(QUICK)"

MINUTES ?= 10
fuzz: $(VENV)/.test ## look for files that break a reader (with atheris installed, by what they reach)
	$(VENV)/bin/python -m tests.fuzz --minutes $(MINUTES)

SIZES ?= 10,60
bench: $(VENV)/.test ## measure a site beside plain MkDocs (SIZES=10,60,200,1000 for larger collections)
	$(VENV)/bin/python -m tests.benchmarks.speed --sizes $(SIZES)
	$(VENV)/bin/python -m tests.benchmarks.speed --sizes $(SIZES) --exports

format: $(VENV)/.test ## bring the code into the house's shape
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .
	$(VENV)/bin/oxlint --config tests/oxlint.json --fix docs/assets
	$(VENV)/bin/oxfmt --config tests/oxfmt.json docs/assets

# The versions and hashes that are installed, for every Python that pyproject.toml supports.
LOCK := uv pip compile pyproject.toml --universal --generate-hashes --quiet --no-header --no-annotate
lock: $(VENV)/.mkdocs ## pin newer versions of all that is installed
	$(VENV)/bin/pip install --quiet uv
	$(VENV)/bin/$(LOCK) --upgrade --extra build --output-file requirements/mkdocs.txt
	$(VENV)/bin/$(LOCK) --extra build --extra zensical \
	    --constraint requirements/mkdocs.txt --output-file requirements/zensical.txt
	$(VENV)/bin/$(LOCK) --extra build --extra test \
	    --constraint requirements/zensical.txt --output-file requirements/test.txt
