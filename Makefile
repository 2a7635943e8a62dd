# `make` lists what there is.
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help run test check fix bench book stack worker prose snapshots lock clean

help: ## list these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/app: requirements/app.txt
	@$(PYTHON) -c 'import sys; sys.exit("Warmstart needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing the locked requirements ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/app.txt
	@touch $@

.venv/dev: .venv/app requirements/dev.txt
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

run: .venv/app ## serve the site on http://127.0.0.1:8000 (PORT= changes it)
	@PORT=$(PORT) $(BIN)/python -m config.serve

test: .venv/dev ## everything: format, lint, types, imports, content, unit, integration, browser
	@$(BIN)/python -m tests.run all

check: .venv/dev ## the fast part: no servers, no browser
	@$(BIN)/python -m tests.run fast

fix: .venv/dev ## format and mend what can be mended
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .

bench: .venv/dev ## what the code costs, as ratios and microseconds
	@$(BIN)/python -m bench

book: .venv/app ## the book as PDF and EPUB under var/book/, for the site to offer
	@$(BIN)/python manage.py book

stack: .venv/dev ## everything of production on this machine: PostgreSQL, Redis, worker, beat, web
	@PORT=$(PORT) $(BIN)/python -m deploy.stack

worker: .venv/app ## a Celery worker with the periodic tasks (REDIS_URL must be set)
	@$(BIN)/celery -A config worker --beat --loglevel info --concurrency 2

prose: .venv/app ## how the guide reads: level, long sentences, repetition
	@$(BIN)/python manage.py prose

snapshots: .venv/dev ## write the golden files anew; read the diff before you commit it
	@SNAPSHOTS=write $(BIN)/python -m pytest tests/design tests/access -q -k snapshot

lock: .venv/dev ## resolve the requirements again
	@$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o requirements/app.txt requirements/app.in
	@$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o requirements/dev.txt requirements/dev.in

clean: ## remove the environment and everything the site stored
	rm -rf .venv var
