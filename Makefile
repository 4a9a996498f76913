# The same commands for people, README and CI. Every target does its own set-up.
# make run ARGS="--for 60s --pictures pictures"   make test   make lint   make bench   make faults

SHELL := /bin/sh
SETUP := resources/setup
PY := .venv/bin/python

.PHONY: run test lint bench faults i18n lock clean system system-test venv

run: system venv
	@exec $(PY) main.py run $(ARGS)

# Without ARGS, all tests, side by side, and the floor under the coverage of the pure packages.
test: system-test lint
	$(PY) -m pytest $(or $(ARGS),-n auto --maxprocesses 4 --dist loadfile --cov --cov-report=term)

lint: venv
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports

bench: system venv
	$(PY) main.py bench all --out build/bench.json $(ARGS)

faults: system-test venv
	$(PY) -m pytest tests/faults --faults full --timeout 3600 $(ARGS)

# Collect the texts of the sources into the translation file and compile it.
i18n: venv
	$(PY) $(SETUP)/translate.py

# Pin anew what pyproject.toml asks for; needs pip-tools on the path of `pip-compile`.
lock:
	pip-compile -q --extra dev --all-build-deps --allow-unsafe --strip-extras --generate-hashes \
	    --no-annotate --no-header --no-emit-options --no-emit-index-url --no-emit-trusted-host \
	    --no-emit-find-links -o requirements.lock pyproject.toml

clean:
	rm -rf build pictures .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf .coverage *.egg-info .venv/.installed
	find . -path ./.venv -prune -o -name __pycache__ -type d -print | xargs rm -rf

system:
	@sh $(SETUP)/system.sh $(SETUP)/apt-packages.txt

system-test:
	@sh $(SETUP)/system.sh $(SETUP)/apt-packages.txt $(SETUP)/apt-packages-test.txt

venv: system
	@sh $(SETUP)/venv.sh
