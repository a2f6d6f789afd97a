# Everything a contributor or a first user types. Needs Python 3.11 or later, git and make.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check bench cluster crash lock clean

run: $(VENV)/.run  ## install, migrate, then run the product (stand-ins take the place of missing credentials)
	@$(BIN)/python -m tests.standins.launch

test: $(VENV)/.dev  ## install and run every test; ARGS for pytest, such as ARGS=tests/bot
ifdef ARGS
	$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m tests.all
endif

check: $(VENV)/.dev  ## format, lint, strict types, import rings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_architecture.py

bench: $(VENV)/.dev  ## what is promised of speed: reached, or missed by how much; ARGS="--full --write", ARGS="--only 1,4"
	$(BIN)/python -m benchmarks $(ARGS)

cluster: $(VENV)/.dev  ## three web processes, two recorders, a worker, NATS and PostgreSQL under load, until Ctrl-C
	@$(BIN)/python -m benchmarks.cluster $(ARGS)

crash: $(VENV)/.dev  ## kill -9 under load, 50 rounds; ARGS="--rounds 5 --sqlite"
	@$(BIN)/python -m benchmarks.crash $(ARGS)

lock: $(VENV)/bin/python  ## resolve the dependencies again, with hashes
	$(BIN)/pip install --quiet uv
	$(BIN)/uv lock --quiet
	$(BIN)/uv export --quiet --no-emit-project --no-dev --group build --no-header --format requirements-txt -o requirements.lock
	$(BIN)/uv export --quiet --no-emit-project --group build --no-header --format requirements-txt -o requirements-dev.lock
	rm -f uv.lock

clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not here. Install Python 3.11, or name a later one: make run PYTHON=python3"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }  # half of one would be taken for a whole at the next try

# The project itself is installed in place, so that an edit needs no second install.
$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV) (once)..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing into $(VENV) (once)..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.run
