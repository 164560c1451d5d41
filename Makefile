# One command each; everything is set up by run.py, which needs Python 3.11 or newer and nothing else.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
UV ?= uv
PINNED = pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes

.PHONY: demo test check bench lock
demo: ## The console with a lively pretend Zoom account, on http://localhost:8000
	$(PYTHON) run.py up --demo --host $(HOST) --port $(PORT)

test: ## All tests, on servers of their own; ARGS go to pytest
	$(PYTHON) run.py test $(ARGS)

check: ## Lint, types, import contracts, migrations
	$(PYTHON) run.py check

bench: ## The measured figures
	$(PYTHON) run.py bench $(ARGS)

lock: ## Both lock files from pyproject.toml; versions stay unless ARGS says --upgrade (needs uv)
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) $(PINNED) $(ARGS) -o requirements.lock pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(UV) $(PINNED) $(ARGS) --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml
