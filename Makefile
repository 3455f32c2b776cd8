# Everything needs python3 (3.11 or newer, with venv) and the package index, and installs nothing outside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

# Compiled modules are what makes a second start quick.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve test walks clients check bench schema lock clean

serve: $(INSTALLED) node_modules ## the gateway with demo data on the embedded Postgres, for development
	@exec env GATEWAY_MODE=development $(BIN)/gateway serve --demo $(FLAGS)

test: $(INSTALLED) ## the whole suite, from nothing
	@$(BIN)/python -m pytest -n 2 --dist loadscope $(FLAGS)

walks: $(INSTALLED) ## write the pages of docs/services anew, from the answers of today
	@WRITE_WALKS=1 $(BIN)/python -m pytest tests/walks -q

clients: $(INSTALLED) ## the clients and audits of others that tests/clients runs against the gateway
	cd tests/clients && npm ci --ignore-scripts --no-audit --no-fund
	$(BIN)/python -m venv tests/clients/.venv
	$(BIN)/uv pip install --quiet --python tests/clients/.venv/bin/python --requirement tests/clients/requirements.txt

check: $(INSTALLED) ## lint, types, import contracts, schema drift
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pyright
	$(BIN)/gateway schema --check schema.graphql
	$(BIN)/gateway access --check docs/access.md

bench: $(INSTALLED) ## measure the gateway beside others; takes less than half an hour, --quick three minutes
	@$(BIN)/python -m benchmarks $(FLAGS)

schema: $(INSTALLED) ## write schema.graphql and docs/access.md anew
	$(BIN)/gateway schema > schema.graphql
	$(BIN)/gateway access > docs/access.md

lock: $(INSTALLED) ## pin the newest versions that pyproject.toml allows
	$(BIN)/uv pip compile pyproject.toml --group dev --generate-hashes --no-header --no-annotate --universal -q -o requirements.lock

clean:
	rm -rf $(VENV) node_modules .gateway

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "python3 3.11 or newer is needed; name one with PYTHON=…"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.8
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --requirement requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

# GraphiQL's assets. Without npm, or where it cannot reach its registry, the gateway serves all the same and says so.
node_modules: package-lock.json
	@npm ci --ignore-scripts --no-audit --no-fund --silent --fetch-retries=1 --fetch-timeout=20000 2>/dev/null && touch $@ || echo "GraphiQL is not installed: npm is missing or cannot be reached. Everything else works."
