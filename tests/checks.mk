# SPDX-License-Identifier: GPL-2.0-or-later
# Purpose: check-model fuzz analyse check-valgrind coverage, for the Makefile.

# ---- the model: the programs themselves on a machine in memory -------------

model = $(BUILD)/tests/model/model
model_mains = $(addprefix $(BUILD)/tests/model/main-,command.o ifupdown.o \
	scripts.o)
wrapped = open close read write fstat fsync rename unlink flock mkdir access \
	opendir readdir closedir nanosleep clock_gettime socket getsockopt \
	openlog syslog plan_make

$(BUILD)/tests/model/main-command.o: $(BUILD)/helpers/main.o
$(BUILD)/tests/model/main-ifupdown.o: $(BUILD)/hooks/ifupdown.o
$(BUILD)/tests/model/main-scripts.o: $(BUILD)/hooks/network-scripts.o
$(model_mains):
	$(Q)mkdir -p $(@D)
	$(call say,GEN,$@)objcopy --redefine-sym \
		main=$(patsubst main-%.o,%_main,$(@F)) $< $@

$(model): $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/model/*.c)) \
		$(model_mains) $(BUILD)/libifpolicy.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) \
		$(addprefix -Wl$(comma)--wrap=,$(wrapped)) -o $@ $^ $(libs)

comma = ,

# SEED=N, OPS=N, LIFE=N: which life to begin with.
check-model:
	$(Q)tests/lib/need build
	$(Q)$(MAKE) --no-print-directory $(model)
	$(Q)OPS=$${OPS:-10000000} $(model)

.PHONY: check-model

# ---- fuzzers, and their corpora as plain tests -----------------------------
#
# The same machine, but the calls are renamed in the objects: --wrap would catch
# those of the fuzzer itself.

targets = env conf ifcfg words record wire
corpora = $(addprefix $(BUILD)/tests/fuzz/corpus-,$(targets))
fuzzers = $(addprefix $(BUILD)/tests/fuzz/fuzz-,$(targets))
san = -g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
fuzzed = $(filter-out helpers/nl.c helpers/priv.c,$(wildcard helpers/*.c)) \
	hooks/ifupdown.c hooks/network-scripts.c
fuzz_machine = $(filter-out tests/model/model.c tests/model/mutants.c,\
	$(wildcard tests/model/*.c))
renamed = $(foreach f,$(filter-out plan_make,$(wrapped)),\
	--redefine-sym $(f)=__wrap_$(f))

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
$(BUILD)/$(1)/programs.o: $(fuzzed:%.c=$(BUILD)/$(1)/%.o)
	$$(call say,LD,$$@)$$(LD) -r -o $$@.tmp $$^ && \
		objcopy $$(renamed) $$@.tmp $$@ && rm $$@.tmp
-include $(wildcard $(BUILD)/$(1)/*/*.d $(BUILD)/$(1)/*/*/*.d)
endef
$(eval $(call sanitized,fuzz,clang,-fsanitize=fuzzer-no-link))
$(eval $(call sanitized,asan,$(CC)))

$(BUILD)/tests/fuzz/fuzz-%: $(BUILD)/fuzz/tests/fuzz/%.o \
		$(fuzz_machine:%.c=$(BUILD)/fuzz/%.o) $(BUILD)/fuzz/programs.o
	$(Q)mkdir -p $(@D)
	$(call say,LD,$@)clang $(san) -fsanitize=fuzzer -o $@ $^ $(libs)

$(BUILD)/tests/fuzz/corpus-%: $(BUILD)/asan/tests/fuzz/%.o \
		$(BUILD)/asan/tests/fuzz/replay.o \
		$(fuzz_machine:%.c=$(BUILD)/asan/%.o) $(BUILD)/asan/programs.o
	$(Q)mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(san) -o $@ $^ $(libs)

# TIME=SECONDS for each; TARGETS="words wire" for some.
fuzz:
	$(Q)tests/lib/need build fuzz
	$(Q)$(MAKE) --no-print-directory $(fuzzers)
	$(Q)tests/fuzz/run $(or $(TARGETS),$(targets))

.PHONY: fuzz
