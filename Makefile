# parcoursd. Configuration first; then: run test deps tidy san bench trials rules install clean.
CC      ?= gcc
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
OPT     ?= -O2 -g
WARN    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wconversion -Wno-sign-conversion -Wvla
ifdef CI
WARN    += -Werror
endif
CFLAGS  := -std=c11 -D_GNU_SOURCE $(OPT) $(WARN) $(EXTRA)
LIBS    := -llmdb -lmsgpackc -lcjson -lsodium -lnettle -levent_core -lcurl -lxlsxwriter -lpthread
PACKAGES := liblmdb-dev libmsgpack-dev libcjson-dev libsodium-dev nettle-dev libevent-dev libcurl4-openssl-dev libxlsxwriter-dev tzdata
RUN_PACKAGES := curl
TEST_PACKAGES := python3 python3-aiosmtpd python3-icalendar python3-openpyxl openssl curl faketime
TRIAL_PACKAGES := libreoffice-calc-nogui
BENCH_PACKAGES := redis-server redis-tools wrk

EVENTS      := $(patsubst %.c,$(BUILD)/%.o,$(wildcard events/*.c))
PROJECTIONS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard projections/*.c))
DAEMON      := $(patsubst %.c,$(BUILD)/%.o,$(filter-out daemon/main.c,$(wildcard daemon/*.c daemon/out/*.c)))
CLIENT      := $(BUILD)/tools/client.o
CTL         := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tools/ctl_*.c) tools/parcoursctl.c)
SIM         := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tools/sim*.c))
UNIT        := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit_*.c))
PLAY        := $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/play*.c))
PROGRAMS    := $(BUILD)/parcoursd $(BUILD)/parcoursctl $(BUILD)/parcours-sim

.PHONY: trials all run test deps deps-test deps-trials deps-bench tidy san bench rules install clean
.DEFAULT_GOAL := all
all: deps
	@$(MAKE) --no-print-directory -s -j$$(nproc) $(PROGRAMS)

# ---- programs ----
$(BUILD)/parcoursd: $(BUILD)/daemon/main.o $(DAEMON) $(PROJECTIONS) $(EVENTS)
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/parcoursctl: $(CTL) $(CLIENT) $(DAEMON) $(PROJECTIONS) $(EVENTS)
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/parcours-sim: $(SIM) $(CLIENT) $(EVENTS)
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/unit: $(UNIT) $(DAEMON) $(PROJECTIONS) $(EVENTS)
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/play: $(PLAY) $(DAEMON) $(PROJECTIONS) $(EVENTS)
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)
$(BUILD)/http_echo: $(BUILD)/tests/http/http_echo.o $(filter $(BUILD)/daemon/http%,$(DAEMON))
	$(CC) $(CFLAGS) -o $@ $^ -levent_core
$(BUILD)/send_one: $(BUILD)/tests/send_one.o $(BUILD)/daemon/out/transfer.o $(BUILD)/events/failure.o
	$(CC) $(CFLAGS) -o $@ $^ -lcurl
$(BUILD)/slow_sync.so: tests/slow_sync.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fPIC -shared -o $@ $<

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c $< -o $@
# The rulebooks are embedded by .incbin, which -MMD does not see.
$(BUILD)/events/rulebook_shipped.o: $(wildcard events/rulebooks/*.json)
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# ---- set-up: installs what is missing, or says how ----
deps:
	@tools/packages.sh $(PACKAGES)
deps-test: deps
	@tools/packages.sh $(TEST_PACKAGES)
deps-trials: deps-test
	@tools/packages.sh $(TRIAL_PACKAGES)
deps-bench: deps
	@tools/packages.sh $(BENCH_PACKAGES)

# ---- for people ----
run: all
	@tools/packages.sh $(RUN_PACKAGES)
	@tools/demonstration.sh $(BUILD)
test: deps-test
	@$(MAKE) --no-print-directory -s -j$$(nproc) $(PROGRAMS) $(BUILD)/unit $(BUILD)/play $(BUILD)/http_echo $(BUILD)/send_one $(BUILD)/slow_sync.so
	@tests/run.sh $(BUILD)
rules: deps-test
	@$(MAKE) --no-print-directory -j$$(nproc) $(BUILD)/play
	@$(BUILD)/play --rules tests/rules.txt tests/scenarios/*.txt
tidy:
	@tests/tidy.sh
# What takes hours: histories until a hundred thousand were lived and compared.
trials: deps-trials
	@$(MAKE) --no-print-directory -s -j$$(nproc) $(PROGRAMS) $(BUILD)/play
	@python3 tests/lives.py $(BUILD) 1 100000
	@python3 tests/letter.py $(BUILD) --participants 1500
	@python3 tests/reports.py $(BUILD)
san: deps-test
	@tests/sanitizers.sh $(BUILD)
bench: deps-bench deps-test all
	@$(MAKE) --no-print-directory $(BUILD)/http_echo
	@python3 tools/bench/bench.py $(BUILD)

install: all
	install -D -m 755 -t $(DESTDIR)$(PREFIX)/bin $(PROGRAMS)
clean:
	rm -rf $(BUILD)
