# A short wrapper over Meson: it builds and tests, and installs no packages (./dev does that).
BUILD ?= build
SETUP = meson setup $(MESON_OPTIONS)
E2E = tests/e2e
# By find, not by git: it also works in a tarball, and in a checkout that git does not trust.
C_FILES = find $(wildcard src tests bench) -name node_modules -prune -o -name '*.[ch]'
C_SOURCES = $(shell find src -name '*.c')
# A crash in a sanitized server must fail the test that caused it, leaks included.
SANITIZERS = ASAN_OPTIONS=abort_on_error=1:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1

# make bench measures a release build; ARGS go to it and to make crash.
ARGS ?=

.PHONY: all build check check-all check-unit check-e2e check-sanitize check-thread check-valgrind
.PHONY: check-format check-tidy check-crash crash bench format install clean

all: build

$(BUILD)/build.ninja:
	$(SETUP) $(BUILD)

build: $(BUILD)/build.ninja
	ninja -C $(BUILD)

check: check-unit check-e2e

# Every stage, with a summary and a count at the end.
check-all:
	sh tests/check.sh

# A build directory made without cmocka would quietly have no tests to run.
check-unit: build
	meson configure $(BUILD) -Dtests=enabled
	ninja -C $(BUILD)
	meson test -C $(BUILD) --no-rebuild --print-errorlogs

$(E2E)/node_modules/.package-lock.json: $(E2E)/package-lock.json
	cd $(E2E) && npm ci
	touch $@

# Node would take one file after the other on two cores; most of a test is waiting.
RUN_E2E := node --test --test-concurrency=2 --test-reporter=tap $(E2E)/*.test.mjs

# MUSTER_BIN names another binary than build/muster.
check-e2e: build $(E2E)/node_modules/.package-lock.json
	$(RUN_E2E)

# The second compiler and two sanitizers in one build: unit tests and the real server. gcc warns of
# other things when it sanitizes, so its build must pass, too.
check-sanitize: $(E2E)/node_modules/.package-lock.json
	test -e build-asan/build.ninja || CC=clang $(SETUP) -Dtests=enabled -Db_sanitize=address,undefined -Db_lundef=false build-asan
	ninja -C build-asan
	test -e build-asan-gcc/build.ninja || $(SETUP) -Dtests=disabled -Db_sanitize=address,undefined build-asan-gcc
	ninja -C build-asan-gcc
	$(SANITIZERS) meson test -C build-asan --no-rebuild --print-errorlogs
	$(SANITIZERS) MUSTER_BIN=$(CURDIR)/build-asan/muster $(RUN_E2E)

# Where there are threads.
check-thread:
	test -e build-tsan/build.ninja || $(SETUP) -Dtests=enabled -Db_sanitize=thread build-tsan
	ninja -C build-tsan
	TSAN_OPTIONS=halt_on_error=1 meson test -C build-tsan --no-rebuild --print-errorlogs --suite http --suite store --suite auth --suite graph --suite watch --suite webhook

# Slow, and the sanitizers find the same: for releases.
check-valgrind: build
	meson configure $(BUILD) -Dtests=enabled
	ninja -C $(BUILD)
	meson test -C $(BUILD) --no-rebuild --print-errorlogs --timeout-multiplier 20 --wrap 'valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite'

check-format:
	$(C_FILES) -exec clang-format --dry-run -Werror {} +

check-tidy: build
	printf '%s\n' $(C_SOURCES) | xargs -P "$$(nproc)" -n 8 clang-tidy --quiet -p $(BUILD)

crash: build
	ninja -C $(BUILD) tests/crash/failing_storage.so
	MUSTER_BIN=$(abspath $(BUILD))/muster MUSTER_CRASH_TOOLS=$(abspath $(BUILD))/tests/crash \
	  node tests/crash/run.mjs $(ARGS)

check-crash:
	$(MAKE) crash ARGS='--short $(ARGS)'

bench:
	test -e build-release/build.ninja || $(SETUP) --buildtype=release -Dtests=disabled build-release
	ninja -C build-release muster $(addprefix bench/,idle_connections steady_load sync_time)
	MUSTER_BIN=$(CURDIR)/build-release/muster \
	  MUSTER_BENCH_TOOLS=$(CURDIR)/build-release/bench node bench/run.mjs $(ARGS)

format:
	$(C_FILES) -exec clang-format -i {} +

install: build
	meson install -C $(BUILD)

clean:
	rm -rf build build-asan build-asan-gcc build-tsan build-release
