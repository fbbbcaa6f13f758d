# Two commands do everything: `make run` and `make test`. Anything for the command itself goes into ARGS:
#   make run ARGS="region=vaals years=5"      make test ARGS="-m 'not slow'"
BIN := .venv/bin
ARGS :=

.DEFAULT_GOAL := help
.PHONY: help run view bench test campaign lint types docs golden coverage audit lock clean

help: ## show these lines
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1	/'

run: ## set up and simulate a real municipality, every resident, for ten years
	@sh scripts/setup.sh
	@$(BIN)/thuis run $(ARGS)

view: ## set up and look at a simulation in the browser
	@sh scripts/setup.sh
	@$(BIN)/thuis view $(ARGS)

bench: ## set up and measure speed and memory
	@sh scripts/setup.sh
	@$(BIN)/thuis bench $(ARGS)

test: ## set up and run the tests, in as many processes as there are processors (four at most)
	@sh scripts/setup.sh dev
	@$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile $(ARGS)

campaign: ## set up and run the tests that take minutes each, too
	@sh scripts/setup.sh dev
	@$(BIN)/python -m pytest --campaign -m campaign $(ARGS)

lint: ## set up and check the style
	@sh scripts/setup.sh dev
	@$(BIN)/ruff check $(ARGS) .

types: ## set up and check the types
	@sh scripts/setup.sh dev
	@$(BIN)/mypy $(ARGS)

docs: ## set up and build the documentation in out/docs
	@sh scripts/setup.sh dev
	@$(BIN)/python -m sphinx -W --keep-going -b html docs out/docs $(ARGS)

golden: ## set up and check the golden digests in many settings (minutes: it compiles anew)
	@sh scripts/setup.sh dev
	@$(BIN)/python tests/tools/golden_settings.py $(ARGS)
	@sh scripts/golden_other_python.sh

coverage: ## set up and measure which lines and branches the tests reach (half an hour)
	@sh scripts/setup.sh dev
	@sh scripts/coverage.sh $(ARGS)

audit: ## set up and ask whether a locked package has a known weakness (needs the internet)
	@sh scripts/setup.sh dev
	@$(BIN)/python scripts/audit.py $(ARGS)

lock: ## choose the package versions anew (ARGS=--upgrade for the newest)
	@sh scripts/lock.sh $(ARGS)

clean: ## remove what was made here: environment, caches, compiled code (results in out/ stay)
	rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
