# Everything that the project can do, from a fresh clone. `make help` lists it.

GO      ?= go
# Without a tag the version is one that every package format takes and that sorts
# before every release.
VERSION ?= $(shell git describe --tags --match 'v[0-9]*' --dirty 2>/dev/null || TZ=UTC git log -1 --format=0.0.0-dev.%cd.%h --date=format-local:%Y%m%d%H%M%S 2>/dev/null || echo 0.0.0-dev)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null)
DATE    ?= $(shell TZ=UTC git log -1 --format=%cd --date=format-local:%Y-%m-%dT%H:%M:%SZ 2>/dev/null)
LDFLAGS  = -s -w -X jira-cli/cmd/wire.version=$(VERSION) -X jira-cli/cmd/wire.commit=$(COMMIT) -X jira-cli/cmd/wire.date=$(DATE)
RELEASE  = CGO_ENABLED=0 $(GO) build -trimpath -ldflags "$(LDFLAGS)"

STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

.PHONY: build
build: ## build bin/jira, as a release is built (without CGO)
	$(RELEASE) -o bin/jira ./cmd/jira

# What `make dist` cannot know and does not invent: where a release can be
# downloaded from, the project's page, and who answers for a package.
RELEASE_URL ?=
HOMEPAGE    ?=
CONTACT     ?=
TARGETS     ?=
DIST        ?= dist
NFPM         = github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.0

.PHONY: dist
dist: bin/nfpm ## make archives, packages, manifests, bills of materials and checksums in dist/
	$(GO) run ./cmd/dist -version "$(patsubst v%,%,$(VERSION))" -commit "$(COMMIT)" -date "$(DATE)" -out "$(DIST)" -targets "$(TARGETS)" \
		-nfpm bin/nfpm -release-url "$(RELEASE_URL)" -homepage "$(HOMEPAGE)" -contact "$(CONTACT)"

.PHONY: dist-check
dist-check: ## make a release twice, in two clones with two empty build caches, and compare the bytes
	@TARGETS="$(TARGETS)" scripts/dist-check

.PHONY: notice
notice: ## write NOTICE, the licences of every module that is linked
	$(GO) run ./cmd/dist -notice

bin/nfpm:
	GOBIN="$(CURDIR)/bin" $(GO) install $(NFPM)

.PHONY: demo
demo: build ## show the main job working, against a fake Jira on loopback
	@$(GO) run ./cmd/demo bin/jira

.PHONY: bench
bench: build ## measure speed and size, each beside a floor in the same run (RUNS=40)
	@$(GO) run ./cmd/bench -runs $(or $(RUNS),40) bin/jira

.PHONY: deps
deps: ## install the system packages that the tests need
	@scripts/deps

.PHONY: test
test: deps vet cross faults builds fuzz ## run everything: unit, conformance, transcripts, the real process, the race detector
	$(GO) test -race -timeout 25m ./...

.PHONY: test-real
test-real: ## run the binary against real counterparts: keyrings, servers, proxies
	@scripts/deps real
	$(GO) vet -tags real ./testscripts/real
	$(GO) test -count=1 -timeout 30m -tags real ./testscripts/real

.PHONY: faults
faults: deps ## enumerate what can go wrong in every change of a credential, and count it
	cd app && $(GO) test -count=1 -run '^TestNoFault'
	cd testscripts/process && $(GO) test -count=1 -run '^TestNoKill'

.PHONY: fuzz
fuzz: ## a short run of every fuzz target (MUCH=10s for longer ones)
	@scripts/fuzz $(or $(MUCH),300x)

.PHONY: builds
builds: ## test what one build has and another has not: without CGO, and 1Password with it
	CGO_ENABLED=0 $(GO) test ./adapters/onepassword ./cmd/wire ./testscripts
	CGO_ENABLED=1 $(GO) vet -tags optest ./cmd/jira ./cmd/wire ./adapters/onepassword/...
	CGO_ENABLED=1 $(GO) test -run '^TestServiceAccount' ./adapters/onepassword

.PHONY: vet
vet: ## go vet, and gofmt
	$(GO) vet ./...
	@unformatted="$$(gofmt -l .)"; test -z "$$unformatted" || { echo "not gofmt-ed: $$unformatted"; exit 1; }

.PHONY: cross
cross: ## compile what the other systems run
	GOOS=darwin CGO_ENABLED=0 $(GO) vet ./cmd/jira ./cmd/wire ./adapters/... ./app/... ./domain/... ./ports/...
	GOOS=windows CGO_ENABLED=0 $(GO) vet ./cmd/jira ./cmd/wire ./adapters/... ./app/... ./domain/... ./ports/...
	CGO_ENABLED=0 $(GO) build -o /dev/null ./cmd/jira

.PHONY: lint
lint: vet ## staticcheck on top of vet
	$(GO) run $(STATICCHECK) ./...

.PHONY: golden
golden: ## rewrite what is generated: the outputs of the transcripts, the reference, the man pages
	JIRA_GOLDEN=1 $(GO) test ./testscripts/...
	$(GO) run ./cmd/docgen
