# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: check-model fuzz analyse check-valgrind coverage, for the Makefile.

# ---- the model: the programs themselves on a machine in memory -------------

# The calls are renamed in the objects: the linker's --wrap would catch those of
# a fuzzer's or a profiler's own code, too.

model = $(BUILD)/tests/model/model
caught = open close read write fstat fsync rename unlink flock mkdir access \
	opendir readdir closedir nanosleep clock_gettime socket getsockopt \
	openlog syslog malloc calloc realloc strdup
renamed = $(foreach f,$(caught),--redefine-sym $(f)=__wrap_$(f))
bare = $(filter-out helpers/nl.c helpers/priv.c helpers/main.c,\
	$(wildcard helpers/*.c))
mains = command ifupdown scripts

$(BUILD)/tests/model/main-command.o: $(BUILD)/helpers/main.o
$(BUILD)/tests/model/main-ifupdown.o: $(BUILD)/hooks/ifupdown.o
$(BUILD)/tests/model/main-scripts.o: $(BUILD)/hooks/network-scripts.o
$(mains:%=$(BUILD)/tests/model/main-%.o):
	$(Q)mkdir -p $(@D)
	$(call say,GEN,$@)objcopy --redefine-sym \
		main=$(patsubst main-%.o,%_main,$(@F)) $< $@

$(BUILD)/tests/model/whole.o: $(bare:%.c=$(BUILD)/%.o) \
		$(mains:%=$(BUILD)/tests/model/main-%.o)
	$(call say,LD,$@)$(LD) -r --wrap=plan_make -o $@.tmp $^ && \
		objcopy $(renamed) $@.tmp $@ && rm $@.tmp

$(model): $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/model/*.c)) \
		$(BUILD)/tests/model/whole.o
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--wrap=plan_make \
		-o $@ $^ $(libs)

# SEED=N, OPS=N, LIFE=N: which life to begin with.
check-model:
	$(Q)tests/lib/need build
	$(Q)$(MAKE) --no-print-directory $(model)
	$(Q)OPS=$${OPS:-10000000} $(model)

.PHONY: check-model

# ---- fuzzers, and their corpora as plain tests -----------------------------

targets = env conf ifcfg words record wire
corpora = $(addprefix $(BUILD)/tests/fuzz/corpus-,$(targets))
fuzzers = $(addprefix $(BUILD)/tests/fuzz/fuzz-,$(targets))
san = -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
fuzzed = $(bare) helpers/main.c hooks/ifupdown.c hooks/network-scripts.c
fuzz_machine = $(filter-out tests/model/model.c tests/model/mutants.c,\
	$(wildcard tests/model/*.c))
# $(call sanitized,NAME,COMPILER,MORE FLAGS): the rules of one build in
# $(BUILD)/NAME, its programs in one object.
define sanitized
$(BUILD)/$(1)/%.o: %.c
	$$(Q)mkdir -p $$(@D)
	$$(call say,CC,$$<)$(2) $$(own_cppflags) -std=c11 $$(san) $(3) \
		$$(if $$(filter helpers/main.c,$$<),-Dmain=command_main) \
		$$(if $$(filter hooks/ifupdown.c,$$<),-Dmain=ifupdown_main) \
		$$(if $$(filter hooks/network-scripts.c,$$<),-Dmain=scripts_main) \
		-MMD -MP -c -o $$@ $$<
$(BUILD)/$(1)/whole.o: $(fuzzed:%.c=$(BUILD)/$(1)/%.o)
	$$(call say,LD,$$@)$$(LD) -r -o $$@.tmp $$^ && \
		objcopy $$(renamed) $$@.tmp $$@ && rm $$@.tmp
-include $(wildcard $(BUILD)/$(1)/*/*.d $(BUILD)/$(1)/*/*/*.d)
endef
$(eval $(call sanitized,fuzz,clang,-fsanitize=fuzzer-no-link))
$(eval $(call sanitized,asan,$(CC)))

$(BUILD)/tests/fuzz/fuzz-%: $(BUILD)/fuzz/tests/fuzz/%.o \
		$(fuzz_machine:%.c=$(BUILD)/fuzz/%.o) $(BUILD)/fuzz/whole.o
	$(Q)mkdir -p $(@D)
	$(call say,LD,$@)clang $(san) -fsanitize=fuzzer -o $@ $^ $(libs)

$(BUILD)/tests/fuzz/corpus-%: $(BUILD)/asan/tests/fuzz/%.o \
		$(BUILD)/asan/tests/fuzz/replay.o \
		$(fuzz_machine:%.c=$(BUILD)/asan/%.o) $(BUILD)/asan/whole.o
	$(Q)mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(san) -o $@ $^ $(libs)

# TIME=SECONDS for each; TARGETS="words wire" for some.
fuzz:
	$(Q)tests/lib/need build fuzz
	$(Q)$(MAKE) --no-print-directory $(fuzzers)
	$(Q)tests/fuzz/run $(or $(TARGETS),$(targets))

.PHONY: fuzz

# ---- how much of it the tests run ------------------------------------------

# By the unit tests, the corpora's inputs and OPS operations of the model.
rooms = plan compile record apply
coverage:
	$(Q)tests/lib/need build check
	$(Q)rm -rf $(BUILD)/gcov
	$(Q)$(MAKE) --no-print-directory BUILD=$(BUILD)/gcov \
		CFLAGS='-O0 -g --coverage' covered
	$(Q)BUILD=$(BUILD)/gcov tests/lib/coverage -l 95 $(rooms)
covered: $(unit_tests) $(model)
	$(Q)tests/lib/check-unit $(unit_tests)
	$(Q)OPS=$${OPS:-200000} $(model)

.PHONY: coverage covered

# ---- what reads the sources, and what watches the memory -------------------

analyse:
	$(Q)tests/lib/need analyse
	$(Q)tests/lib/analyse

# Those with seconds of random lives are cut short.
check-valgrind:
	$(Q)tests/lib/need valgrind
	$(Q)$(MAKE) --no-print-directory $(unit_tests)
	$(Q)LIVES=$${LIVES:-20} RUNNER="valgrind -q --error-exitcode=99 \
		--leak-check=full --show-leak-kinds=definite,indirect" \
		tests/lib/check-unit $(unit_tests)

.PHONY: analyse check-valgrind
