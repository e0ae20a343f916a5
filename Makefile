# The front door. Every target is one command of the `dev` package, which needs
# Python 3.11 and nothing else: it fetches the rest into .local/. Try `make help`.
PYTHON ?= python3
COMMANDS := help demo test serve shell lint bench faults i18n dump wheel up down clean

.PHONY: $(COMMANDS)
$(COMMANDS):
	@PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m dev $@
