# make site and make test set up all that they need; `make help` lists the rest.

PYTHON ?= python3
ENGINE ?= mkdocs
VENV := .venv
SIC := $(VENV)/bin/sic

.DEFAULT_GOAL := help
.PHONY: help site offline serve check test format lock clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

site: $(VENV)/.$(ENGINE) ## check, compile and make the site, in site/ (ENGINE=zensical for the other engine)
	@$(SIC) build --site --engine $(ENGINE)

offline: $(VENV)/.$(ENGINE) ## make a site that opens by double click, as a folder and a zip
	@$(SIC) build --offline --engine $(ENGINE)

serve: $(VENV)/.mkdocs ## show the site in a browser and follow every save
	@$(SIC) serve

check: $(VENV)/.mkdocs ## say what is wrong in docs/, and what to write instead
	@$(SIC) check

test: $(VENV)/.test ## run everything that holds the promises; installs a browser and epubcheck if need be
	@$(VENV)/bin/python -m tests.chromium
	@$(VENV)/bin/python -m tests.epubcheck
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(SIC) check
	$(VENV)/bin/pytest --numprocesses auto --dist loadfile --quiet

format: $(VENV)/.test ## bring the code into the house's shape
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# The versions and hashes that are installed, for every Python that pyproject.toml supports.
LOCK := uv pip compile pyproject.toml --universal --generate-hashes --quiet --no-header --no-annotate
lock: $(VENV)/.mkdocs ## pin newer versions of all that is installed
	$(VENV)/bin/pip install --quiet uv
	$(VENV)/bin/$(LOCK) --upgrade --extra build --output-file requirements/mkdocs.txt
	$(VENV)/bin/$(LOCK) --extra build --extra zensical \
	    --constraint requirements/mkdocs.txt --output-file requirements/zensical.txt
	$(VENV)/bin/$(LOCK) --extra build --extra test \
	    --constraint requirements/zensical.txt --output-file requirements/test.txt

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Sic needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	    { rm -rf $(VENV); echo "install Python's venv (Debian: apt install python3-venv)"; exit 1; }

# A stamp for each list of requirements: what is there is not installed again.
$(VENV)/.%: requirements/%.txt pyproject.toml | $(VENV)/bin/pip
	@echo "installing requirements/$*.txt into $(VENV)/ …"
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean: ## remove all that was generated, the installed requirements too
	rm -rf $(VENV) build site site-offline site-offline.zip .cache *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find build_tools tests -name __pycache__ -type d -prune -exec rm -rf {} +
