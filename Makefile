# The commands of the README. All but `lock` set up .venv first, if it is not done.

PYTHON := .venv/bin/python
SNAKEMAKE := .venv/bin/snakemake
TESTS := $(PYTHON) -m pytest -n logical --dist worksteal
COMPILE := uv pip compile --quiet --no-python-downloads --universal \
	--python-version 3.12 --generate-hashes --no-header

.PHONY: all new-trial runtime slurm development test test-runs test-long test-browser test-slurm validation docs lint \
	bench calibration reruns mutations attacks interruptions wheels data site lock clean

all: runtime ## Analyse the bundled trial
	$(SNAKEMAKE)

new-trial: runtime ## Make DIR of the files FROM; SAY='--reference placebo ...'
	@test -n "$(FROM)" -a -n "$(DIR)" || \
		{ echo "usage: make new-trial FROM='FILE...' DIR=FOLDER [SAY='--reference ARM ...']"; exit 2; }
	@$(PYTHON) scripts/new_trial.py $(FROM) --dir "$(DIR)" $(SAY)

runtime:
	@scripts/set_up.sh

slurm: ## Set up with what a run by Slurm needs too
	@scripts/set_up.sh slurm

development:
	@scripts/set_up.sh development

test: development ## The tests that take minutes
	$(TESTS)

test-runs: development ## The tests that run whole trials: reruns, locks, releases, audits
	$(TESTS) -m "runs and not slow"

test-long: development ## All tests, those that take many minutes too
	$(TESTS) -m "not slurm and not browser"

test-browser: development ## The bundled trial's report in Chromium, after `make`
	$(PYTHON) -m pytest tests/browser -m browser

test-slurm: development ## A brief trial by a Slurm of one node; root, slurm-wlm and munge
	tests/slurm/one_node.sh $(PYTHON) -m pytest tests/slurm -m slurm

validation: development ## Run the published trials and write docs/validation.md
	$(PYTHON) -m pytest tests/validation/test_published.py -m "slow or not slow" \
		--write-page

docs: runtime ## Write the pages of configuration, rules and terms, and the schema, from the code
	$(PYTHON) scripts/write_configuration_page.py docs/configuration.md
	$(PYTHON) scripts/write_configuration_schema.py docs/config.schema.json
	$(PYTHON) scripts/write_findings_page.py docs/findings.md
	$(PYTHON) scripts/write_glossary_page.py docs/glossary.md

site: development ## Make the pages of docs/ a site, in site/; a broken link stops it
	$(PYTHON) -m sphinx -W --keep-going -q docs site
	@echo "The site: site/index.html"

lint: development ## Format, style, types, imports and Snakemake's own advice
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	.venv/bin/snakefmt --check Snakefile rules workflow
	$(SNAKEMAKE) --lint
	$(PYTHON) -m mypy
	PYTHONPATH=scripts .venv/bin/lint-imports --no-cache

bench: runtime ## How long the parts take
	$(PYTHON) benchmarks/bench.py
	$(PYTHON) benchmarks/engine.py
	$(PYTHON) benchmarks/simulator.py
	$(PYTHON) benchmarks/simulated_fits.py
	$(PYTHON) benchmarks/audit.py
	$(PYTHON) benchmarks/large_trial.py

calibration: runtime ## Rank truths in the models' posteriors, hours; write docs/calibration.md
	$(PYTHON) benchmarks/calibration.py
	$(PYTHON) benchmarks/calibration_page.py

reruns: runtime ## Compare what runs after a change with stock; write docs/reruns.md
	$(PYTHON) benchmarks/stock_reruns.py

mutations: development ## Flip statements and tell which flips no test notices
	$(PYTHON) benchmarks/mutations.py

attacks: development ## Spoil settings, data, records and ledger at random, for 10 minutes
	$(PYTHON) benchmarks/attacks.py

interruptions: development ## Kill and otherwise stop runs on their way, and resume them
	$(PYTHON) benchmarks/interruptions.py

wheels: runtime ## Download what the lock pins into wheels/, for a set-up without network
	$(PYTHON) -m venv wheels/.pip
	wheels/.pip/bin/python -m pip install -q --require-hashes -r .venv/build.txt
	wheels/.pip/bin/python -m pip download -q --require-hashes --no-deps \
		--no-build-isolation --dest wheels -r envs/requirements.txt
	rm -rf wheels/.pip

data: runtime ## Simulate the bundled trial's raw files again
	$(PYTHON) scripts/simulate_trial.py data/simulation.yaml data

lock: ## Pin the newest versions that the .in files allow; needs uv
	cd envs && $(COMPILE) --upgrade requirements.in -o requirements.txt
	cd envs && $(COMPILE) --upgrade development.in -o development.txt \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.txt)
	cd envs && $(COMPILE) --upgrade crate_validator.in -o crate_validator.txt
	cd envs && $(COMPILE) --upgrade slurm.in -o slurm.txt \
		$$(sed -n 's/^\([a-z0-9-]*\)==.*/--no-emit-package \1/p' requirements.txt)
	scripts/set_up.sh development
	$(PYTHON) scripts/write_environment.py envs/requirements.txt envs/environment.yaml

clean: ## Remove what the commands above made, but .venv, .validator and .slurm
	rm -rf results site .snakemake .pytest_cache .mypy_cache .ruff_cache .hypothesis
