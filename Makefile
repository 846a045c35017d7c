# Everything a newcomer needs: `make up`, `make test`. `make help` lists the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:

# The first of these that works and is new enough; `make PYTHON=...` chooses another.
PYTHONS := python3.13 python3.12 python3.14 python3.11 python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
LOCK := .venv-lock
LOCK_TOOL := uv~=0.13.9
AUDIT := .venv-audit
AUDIT_TOOL := pip-audit~=2.10
# One more than there are cores: tests of real programs wait as much as they work.
TEST_PROCESSES := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# Where the environment forbids to keep what is compiled, every program that a test starts compiles the shop anew.
COMPILED_ONCE := PYTHONDONTWRITEBYTECODE=
# What the runtime has (boto3 and its own), what only a laptop uses, and cryptography with its own: the database's
# driver needs it for logins without TLS, and a Lambda makes none.
NOT_IN_LAMBDA := boto3 botocore s3transfer jmespath python-dateutil six defusedxml colorama pyyaml \
    cryptography cffi pycparser

##@ Run

.PHONY: up
up: $(VENV)/.local ## Run the whole shop on this machine; Ctrl-C ends it
	@$(BIN)/factoauto up

##@ Check

.PHONY: test
test: system-packages $(VENV)/.development check ## Install what is missing, then check and run every test
	@$(BIN)/python -m tests.terraform.checkov
	@$(COMPILED_ONCE) $(BIN)/pytest --numprocesses $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

.PHONY: test-images
test-images: $(VENV)/.development ## Build every image and run the shop in containers, without Docker
	@tests/images/install_packages.sh
	@$(BIN)/pytest -v tests/images/test_docker_files.py tests/images/test_built_images.py \
	    tests/images/test_running_shop.py

.PHONY: test-aws
test-aws: system-packages $(VENV)/.development ## Apply terraform/ to a local AWS, drive the shop on it, destroy it
	@command -v terraform >/dev/null || { echo 'make test-aws needs terraform 1.9 or later on the PATH' >&2; exit 1; }
	@$(BIN)/pytest tests/aws

.PHONY: bench
bench: system-packages $(VENV)/.development ## Measure rush hours side by side; BENCH=--help lists the arguments
	@tests/bench/install_packages.sh
	@$(BIN)/python -m tests.bench $(BENCH)

.PHONY: chaos
chaos: system-packages $(VENV)/.development ## Break everything at random, and have it add up: SECONDS=60 SEED=1
	@$(BIN)/python -m tests.chaos --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1)

.PHONY: protections
protections: system-packages $(VENV)/.development ## Take out each protection, and see its test fail; renews docs/reliability.md
	@$(BIN)/python -m tests.protections

.PHONY: check
check: $(VENV)/.development ## Lint, format, types, imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

.PHONY: fuzz
fuzz: $(VENV)/.development ## Attack the APIs of the running shop; FUZZ='--examples 1000 --seed 1' says how long
	@$(BIN)/python -m tests.fuzzing $(FUZZ)

.PHONY: audit
audit: $(AUDIT)/.made ## Look up every locked dependency among the known vulnerabilities; needs the network
	@for lock in requirements*.txt docker/requirements*.txt; do \
	    echo "$$lock"; $(AUDIT)/bin/pip-audit --strict --require-hashes --no-deps --disable-pip -r "$$lock" || exit 1; \
	done

.PHONY: system-packages
system-packages:
	@tests/install_system_packages.sh

##@ Maintain

.PHONY: lambda-package
lambda-package: $(BIN)/python ## Build build/lambda.zip, which terraform/ deploys; CA_FILE=... puts the database's authorities in
	@$(BIN)/python terraform/make_lambda_package.py build/lambda.zip $(CA_FILE)

.PHONY: screenshots
screenshots: system-packages $(VENV)/.development ## Take the pictures of docs/images anew, from the running dashboard
	@$(BIN)/python -m tests.screenshots

.PHONY: lock
lock: $(LOCK)/.made ## Renew every requirements*.txt; UPGRADE=1 takes newer versions too
	@set -eu; \
	compile() { $(LOCK)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	    $(if $(UPGRADE),--upgrade) "$$@"; }; \
	as_tested='--constraints requirements-development.txt'; \
	compile pyproject.toml --extra development --output-file requirements-development.txt; \
	compile pyproject.toml --extra local --extra dashboard $$as_tested --output-file requirements-local.txt; \
	compile pyproject.toml $$as_tested --output-file requirements.txt; \
	compile pyproject.toml --extra lambda --python-version 3.12 $$as_tested \
	    $(NOT_IN_LAMBDA:%=--no-emit-package %) --output-file requirements-lambda.txt; \
	sed -i.before '/^    #   -c /d' requirements-lambda.txt; rm requirements-lambda.txt.before; \
	for image in backend local-aws; do \
	    compile --no-annotate pyproject.toml docker/requirements-$$image.in $$as_tested \
	        --output-file docker/requirements-$$image.txt; done; \
	for image in dashboard factory; do \
	    compile --no-annotate --python-version 3.11 docker/requirements-$$image.in $$as_tested \
	        --output-file docker/requirements-$$image.txt; done; \
	for tools in tests/images tests/terraform; do \
	    compile --no-annotate --python-version 3.11 $$tools/requirements.in --output-file $$tools/requirements.txt; done

.PHONY: clean
clean: ## Remove caches and what was built; .venv and the shop's data in var stay
	@rm -rf build dist ./*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.venv*' -prune -exec rm -rf {} +

.PHONY: help
help: ## Show this
	@awk 'BEGIN { FS = ":.*## " } \
	    /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- the virtual environment: nothing is done while the lock files stay as they are -------------------------

$(VENV)/.local: requirements-local.txt pyproject.toml | $(BIN)/python
	@echo 'installing what the shop runs on ...'
	@$(PIP) --require-hashes -r requirements-local.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements-development.txt pyproject.toml | $(BIN)/python
	@echo 'installing what the tests need ...'
	@$(PIP) --require-hashes -r requirements-development.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.local

$(BIN)/python:
	@$(call make_venv,$(VENV))

$(LOCK)/.made: Makefile
	@$(call make_venv,$(LOCK))
	@$(LOCK)/bin/python -m pip --disable-pip-version-check --quiet install '$(LOCK_TOOL)'
	@touch $@

$(AUDIT)/.made: Makefile
	@$(call make_venv,$(AUDIT))
	@$(AUDIT)/bin/python -m pip --disable-pip-version-check --quiet install '$(AUDIT_TOOL)'
	@touch $@

define make_venv
	set -eu; for python in $(if $(PYTHON),$(PYTHON),$(PYTHONS)); do \
	    "$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null || continue; \
	    if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then no_venv="$$python"; continue; fi; \
	    echo "making $(1) with $$("$$python" --version) ..."; \
	    "$$python" -m venv --clear $(1); exit 0; \
	done; \
	if [ -n "$${no_venv:-}" ]; then \
	    echo "$$no_venv cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	else \
	    echo 'FactoAuto needs Python 3.11 to 3.14, and found none. Install one, or name it: make PYTHON=/path/to/python' >&2; \
	fi; exit 1
endef
