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
