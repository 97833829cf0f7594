# Every target sets up all that it needs; `make help` lists them.

PYTHON ?= python3
ENGINE ?= mkdocs
VENV := .venv
SIC := $(VENV)/bin/sic

.DEFAULT_GOAL := help
.PHONY: help site offline serve check clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

site: $(VENV)/.$(ENGINE) ## check, compile and make the site, in site/ (ENGINE=zensical for the other engine)
	@$(SIC) build --site --engine $(ENGINE)
	@$(VENV)/bin/python docs/verify.py site

offline: $(VENV)/.$(ENGINE) ## make a site that opens by double click, as a folder and a zip
	@$(SIC) build --offline --engine $(ENGINE)
	@$(VENV)/bin/python docs/verify.py site-offline

serve: $(VENV)/.mkdocs ## show the site in a browser and follow every save
	@$(SIC) serve

check: $(VENV)/.mkdocs ## say what is wrong in docs/, and what to write instead
	@$(SIC) check

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
	rm -rf $(VENV) build site site-offline site-offline.zip .site.* .site-offline.* .cache *.egg-info
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find build_tools $(wildcard tests) -name __pycache__ -type d -prune -exec rm -rf {} +

# What only those need who change the program.
-include tests/developing.mk
