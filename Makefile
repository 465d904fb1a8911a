# A short wrapper over Meson: it builds and tests, and installs no packages (./dev does that).
BUILD ?= build
MESON_OPTIONS ?=

.PHONY: all build check format format-check install clean

all: build

$(BUILD)/build.ninja:
	meson setup $(MESON_OPTIONS) $(BUILD)

build: $(BUILD)/build.ninja
	ninja -C $(BUILD)

check: build
	meson test -C $(BUILD) --no-rebuild --print-errorlogs

format:
	git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format -i

format-check:
	git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format --dry-run -Werror

install: build
	meson install -C $(BUILD)

clean:
	rm -rf $(BUILD)
