# The two commands: each does all its own set-up. `make sandbox` rehearses the example on this machine and leaves it up;
# `make test` proves everything and cleans up.
.PHONY: sandbox test build lint clean

sandbox:
	@scripts/setup
	@node dist/ops/main.js sandbox rehearse

test:
	@scripts/test

build:
	@scripts/prerequisites
	@npm run --silent build

lint:
	@scripts/lint
