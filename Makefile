# make run [PORT=8000] [RELOAD=1]   start everything; Ctrl-C stops it
# make test [ARGS="-k word"]        the whole suite
# Every target first sets up a virtual environment and a .env for local mode. PYTHON=python3.12 chooses another
# interpreter; 3.11 to 3.13 will do.

.PHONY: setup setup-newest run test test-newest e2e bench bench-mail drill bench-matching doctor clean-data messages coverage-of-mission
.PHONY: check check-style check-types check-contracts check-migrations check-messages
.DEFAULT_GOAL := run
.SUFFIXES:

VENV ?= .venv
PY := $(VENV)/bin/python
export PORT RELOAD

# Pyenv puts names on the path that do not run, so each is tried.
FITS := -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v <= (3, 13) or sys.exit(1); print("%d.%d" % v)'
CANDIDATES := $(PY) python3.11 python3.12 python3.13 python3
ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for p in $(CANDIDATES); do $$p $(FITS) >/dev/null 2>&1 && echo $$p && break; done)
endif
VERSION := $(shell $(PYTHON) $(FITS) 2>/dev/null)

# The stamp's name holds the requirements' checksum: other requirements are installed, another date is not.
STAMP := $(VENV)/installed-$(VERSION)-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)

setup: $(STAMP) .env
	@:

$(STAMP):
	@[ -n "$(VERSION)" ] || { echo "Python 3.11, 3.12 or 3.13 is needed, and none was found$(if $(PYTHON), as $(PYTHON))."; exit 1; }
	@[ "$$($(PY) $(FITS) 2>/dev/null)" = "$(VERSION)" ] || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); } \
	  || { rm -rf $(VENV); echo "On Debian and Ubuntu: apt-get install python$(VERSION)-venv"; exit 1; }
	@echo "Installing requirements into $(VENV) ..."
	@$(PY) -m pip install -q --disable-pip-version-check --require-virtualenv -r requirements-dev.txt
	@rm -f $(VENV)/installed-*; touch $@

.env: | $(STAMP)
	@$(PY) -m mentoring.local.envfile

# "exec": make's only child is then the supervisor itself, which ends when make is killed.
run: setup
	@exec $(PY) -m mentoring.local.run --die-with-parent

test: setup
	@exec $(PY) -m pytest -n 2 tests --ignore=tests/e2e --ignore=tests/bench $(ARGS)

# The same on the newest Python that is to be found, in an environment of its own.
setup-newest test-newest:
	@p=$$(.ci/newest-python) || { echo "Neither Python 3.13 nor 3.12 was found."; exit 1; }; \
	v=$$($$p -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	exec $(MAKE) --no-print-directory $(@:-newest=) VENV=.venv-$$v PYTHON=$$p

e2e: setup
	@exec $(PY) -m pytest -n 2 tests/e2e $(ARGS)

# Parts of their own, so that `make -k check` tells everything at once.
check: check-style check-types check-contracts check-migrations check-messages

check-style: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

check-types: setup
	$(PY) -m mypy

check-contracts: setup
	$(VENV)/bin/lint-imports

check-migrations: setup
	$(PY) manage.py makemigrations --check --dry-run

check-messages: setup
	$(PY) manage.py messages --check

messages: setup
	@$(PY) manage.py messages
	@$(PY) -m mentoring.local.translations

coverage-of-mission: setup
	@$(PY) manage.py coverage_of_mission

bench: setup
	@exec $(PY) -m pytest tests/bench -q -s $(ARGS)

# The engine beside the raw solver and beside a peer, which gets an environment of its own: claim, target, measured.
bench-matching: setup
	@$(PY) -m tests.bench.matching $(ARGS)

# Ratios of sending and planning, taken in one run; see docs/reliability.md.
bench-mail: setup
	@exec $(PY) -m tests.bench.mail $(ARGS)

# Kills real servers and processes while mail goes out, and counts. ARGS=--quick takes two minutes, ARGS="T4 T9" some.
drill: setup
	@exec $(PY) -m tests.drill $(ARGS)

doctor: setup
	@$(PY) manage.py doctor

clean-data: setup
	@$(PY) -m mentoring.local.clean
