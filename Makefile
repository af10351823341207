# make demo | test | lint | accuracy | equality | bench | fuzz | mutants | clean. Each sets up what it needs;
# the second time is quick.
#   PYTHON=...               the Python to make .venv with (3.11 or newer)
#   EDGESNN_LAVA_PYTHON=...  a Python that has lava-nc, instead of .venv-lava

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

VENV := .venv
LAVA_VENV := .venv-lava
BIN := $(VENV)/bin
PIP_INSTALL := -m pip install --quiet --progress-bar off --disable-pip-version-check
SETUP_FILES := setup.cfg pyproject.toml constraints.txt


.ONESHELL:
.PHONY: help demo test lint accuracy equality bench fuzz mutants setup setup-demo system-demo system-test clean distclean
.DELETE_ON_ERROR:

help:
	@sed -n '1,4s/^# *//p' Makefile

# --- what each environment is made of; the stamps say that it was made from the present set-up files

$(BIN)/python: | system-demo
	@python=$$(scripts/find_python.sh main)
	echo "== Python environment $(VENV) ($$python)"
	"$$python" -m venv $(VENV)

$(VENV)/.stamp-core: $(SETUP_FILES) | $(BIN)/python
	@echo "== edgesnn and what it needs, into $(VENV) (a minute the first time)"
	$(BIN)/python $(PIP_INSTALL) -c constraints.txt -e .
	touch $@

$(VENV)/.stamp-dev: $(VENV)/.stamp-core
	@echo "== training and development tools, into $(VENV) (some minutes the first time)"
	$(BIN)/python $(PIP_INSTALL) -c constraints.txt -e '.[train,fit,emulator,dev]'
	touch $@

$(VENV)/.stamp-bench: benchmarks/requirements.txt $(VENV)/.stamp-dev
	@echo "== what the benchmarks compare with, into $(VENV)"
	$(BIN)/python $(PIP_INSTALL) --no-deps -r $< || echo "could not be installed: its rows are left out"
	touch $@

$(LAVA_VENV)/.stamp: edgesnn/lava-requirements.txt | system-demo
ifdef EDGESNN_LAVA_PYTHON
	@"$$EDGESNN_LAVA_PYTHON" -c 'import importlib.util, sys; sys.exit(not importlib.util.find_spec("lava"))' || \
	    { echo "EDGESNN_LAVA_PYTHON: $$EDGESNN_LAVA_PYTHON has no lava-nc" >&2; exit 1; }
else
	@python=$$(scripts/find_python.sh lava)
	echo "== Lava environment $(LAVA_VENV) ($$python; a minute the first time)"
	[ -x $(LAVA_VENV)/bin/python ] || "$$python" -m venv $(LAVA_VENV)
	$(LAVA_VENV)/bin/python $(PIP_INSTALL) --no-deps --ignore-requires-python -r $<
	touch $@
endif

system-demo:
	@scripts/system_packages.sh demo

system-test: system-demo
	@scripts/system_packages.sh test

setup-demo: $(VENV)/.stamp-core $(LAVA_VENV)/.stamp | system-demo

setup: $(VENV)/.stamp-dev $(LAVA_VENV)/.stamp | system-test

# --- what one comes for

demo: setup-demo
	@bin=$(BIN) scripts/demo.sh build/demo

test: lint
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: setup
	@bin=$(BIN) scripts/lint.sh

bench: setup $(VENV)/.stamp-bench
	@$(BIN)/python -m benchmarks

fuzz: setup
	@$(BIN)/python -m tests.fuzz --models 500

# accuracy of every model of the zoo on all test samples of its task, by the generated C on this machine
accuracy: setup-demo
	@$(BIN)/python scripts/accuracy.py

# torch, interpreter, C, ONNX Runtime and TFLite give equal scores on the test samples
equality: setup
	@$(BIN)/python scripts/equality.py

mutants: setup
	@$(BIN)/python -m tests.mutants

clean:
	rm -rf build dist .pytest_cache .hypothesis .ruff_cache .mypy_cache

distclean: clean
	rm -rf $(VENV) $(LAVA_VENV) edgesnn.egg-info
