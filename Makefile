# What people and CI run. The program lives in .venv; the library of `make ask` in your user data folder.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
# Of what has a name that a shell or a cluster may use for something else only the command line is heard.
ENV := .venv
PORT :=
BIN := $(ENV)/bin
Q ?= Does ANZUS have a mutual defense clause?
# A question is taken as it is: "$5 billion" and "$(…)" mean nothing to make.
override Q := $(value Q)
export Q
export HF_HUB_OFFLINE = 1

.PHONY: ask serve test lint format bench env env-test env-torch clean help
.DEFAULT_GOAL := ask

ask: env
	@$(BIN)/foedus ask -- "$$Q"

serve: env
	@$(BIN)/foedus serve $(if $(PORT),--port $(PORT))

help:
	@echo 'make [ask] [Q="…"]     answer a question from the default library; built from corpus/ the first time'
	@echo 'make serve [PORT=…]    the HTTP API, on this machine only'
	@echo 'make test              all tests'
	@echo 'make lint              ruff, mypy, import-linter; make format mends what can be mended'
	@echo 'make bench             tables of speed and memory'
	@echo 'make env               only the environment; env-test and env-torch with more in it'
	@echo 'make clean             removes the environment and what was built, never a library'

test: env-test
	@$(BIN)/python -m pytest

lint: env-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: env-test
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: env-test
	@$(BIN)/python -m eval.benchmarks

# What pip says goes to a file, and is shown when it fails.
quietly = $(1) >$(ENV)/pip.log 2>&1 || { cat $(ENV)/pip.log; exit 1; }

env: $(ENV)/.installed
env-test: $(ENV)/.installed-test
env-torch: $(ENV)/.installed-torch

$(ENV)/.installed: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "foedus needs Python 3.11 or newer$(if $(PYTHON), ($(PYTHON) is older or absent)): install it, or name it with make PYTHON=…"; \
	    exit 1; }
	@echo "Making the environment in $(ENV) (once, about a minute) …"
	@$(PYTHON) -m venv $(ENV)
	@$(call quietly,$(BIN)/python -m pip install --upgrade pip)
	@$(call quietly,$(BIN)/python -m pip install --requirement requirements.txt)
	@$(call quietly,$(BIN)/python -m pip install --no-deps --editable .)
	@touch $@

$(ENV)/.installed-test: $(ENV)/.installed requirements-test.txt
	@$(call quietly,$(BIN)/python -m pip install --requirement requirements-test.txt)
	@touch $@

# torch stands outside the lock files: which of its builds fits is a matter of the machine.
$(ENV)/.installed-torch: $(ENV)/.installed-test requirements-torch.txt
	@$(call quietly,$(BIN)/python -m pip install torch==2.13.0)
	@$(call quietly,$(BIN)/python -m pip install --requirement requirements-torch.txt)
	@touch $@

clean:
	rm -rf $(ENV) build *.egg-info
