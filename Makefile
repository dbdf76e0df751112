# SPDX-License-Identifier: GPL-2.0-or-later
# ifpolicy: all install demo check bench clean.  Variables a packager may set:
# PREFIX DESTDIR SBINDIR LIBEXECDIR SYSCONFDIR MANDIR UNITDIR CC CFLAGS CPPFLAGS
# LDFLAGS PKG_CONFIG; V=1 shows the commands.

VERSION ?= 0.1.0
PREFIX ?= /usr
SBINDIR ?= $(PREFIX)/sbin
LIBEXECDIR ?= $(PREFIX)/libexec
SYSCONFDIR ?= /etc
MANDIR ?= $(PREFIX)/share/man
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
NETWORKDDIR ?= $(PREFIX)/lib/systemd/networkd.conf.d
PKG_CONFIG ?= pkg-config
CFLAGS ?= -O2 -g
BUILD ?= build
export BUILD

own_warn = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings
own_cflags = -std=c11 $(own_warn) -ffunction-sections -fdata-sections
own_cppflags = -D_GNU_SOURCE -DVERSION='"$(VERSION)"' -Ihelpers \
	$(shell $(PKG_CONFIG) --cflags libmnl libcap-ng)
own_ldflags = -Wl,--gc-sections -Wl,--as-needed
libs = $(shell $(PKG_CONFIG) --libs libmnl libcap-ng)

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2);)

library = $(patsubst %.c,$(BUILD)/%.o,$(filter-out helpers/main.c,\
	$(wildcard helpers/*.c)))
hooks = $(patsubst hooks/%.c,$(BUILD)/hooks/%,$(wildcard hooks/*.c))
programs = $(BUILD)/ifpolicy $(hooks)
unit_tests = $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,\
	$(wildcard tests/unit/*.c))
tools = $(patsubst tests/%.c,$(BUILD)/tests/%,\
	$(filter-out tests/unit/%,$(wildcard tests/*/*.c)))

all: $(programs)

$(BUILD)/libifpolicy.a: $(library)
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(own_cppflags) $(CPPFLAGS) $(own_cflags) \
		$(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/ifpolicy: $(BUILD)/helpers/main.o $(BUILD)/libifpolicy.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(own_ldflags) $(LDFLAGS) -o $@ $^ $(libs)

$(BUILD)/hooks/%: $(BUILD)/hooks/%.o $(BUILD)/libifpolicy.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(own_ldflags) $(LDFLAGS) -o $@ $^ $(libs)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libifpolicy.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(libs) -lcmocka

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libifpolicy.a
	$(call say,LD,$@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(libs)

install: all
	install -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(LIBEXECDIR)/ifpolicy \
		$(DESTDIR)$(LIBEXECDIR)/ifupdown-ng \
		$(DESTDIR)$(SYSCONFDIR)/network/if-up.d \
		$(DESTDIR)$(SYSCONFDIR)/network/if-down.d \
		$(DESTDIR)$(SYSCONFDIR)/default \
		$(DESTDIR)$(SYSCONFDIR)/iproute2/rt_protos.d \
		$(DESTDIR)$(NETWORKDDIR) $(DESTDIR)$(COMPLETIONDIR) \
		$(addprefix $(DESTDIR)$(MANDIR)/man,5 7 8)
	install -m 755 $(BUILD)/ifpolicy $(DESTDIR)$(SBINDIR)/ifpolicy
	install -m 755 $(hooks) $(DESTDIR)$(LIBEXECDIR)/ifpolicy/
	ln -sf $(LIBEXECDIR)/ifpolicy/ifupdown \
		$(DESTDIR)$(SYSCONFDIR)/network/if-up.d/ifpolicy
	ln -sf $(LIBEXECDIR)/ifpolicy/ifupdown \
		$(DESTDIR)$(SYSCONFDIR)/network/if-down.d/ifpolicy
	ln -sf $(LIBEXECDIR)/ifpolicy/ifupdown \
		$(DESTDIR)$(LIBEXECDIR)/ifupdown-ng/policy
	test -e $(DESTDIR)$(SYSCONFDIR)/default/ifpolicy || install -m 644 \
		sysconfig/default $(DESTDIR)$(SYSCONFDIR)/default/ifpolicy
	install -m 644 sysconfig/rt_protos.conf \
		$(DESTDIR)$(SYSCONFDIR)/iproute2/rt_protos.d/ifpolicy.conf
	install -m 644 sysconfig/networkd.conf \
		$(DESTDIR)$(NETWORKDDIR)/ifpolicy.conf
	install -m 644 helpers/completion/ifpolicy \
		$(DESTDIR)$(COMPLETIONDIR)/ifpolicy
	for s in 5 7 8; do install -m 644 helpers/man/*.$$s \
		$(DESTDIR)$(MANDIR)/man$$s/ || exit 1; done

demo:
	$(Q)tests/lib/need build demo
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/demo/three-nics

check:
	$(Q)tests/lib/need build check
	$(Q)$(MAKE) --no-print-directory all $(unit_tests) $(tools)
	$(Q)tests/lib/check

bench:
	$(Q)tests/lib/need build bench
	$(Q)$(MAKE) --no-print-directory all $(tools)
	$(Q)tests/bench/run

clean:
	rm -rf $(BUILD)/helpers $(BUILD)/hooks $(BUILD)/tests \
		$(BUILD)/libifpolicy.a $(BUILD)/ifpolicy

.PHONY: all install demo check bench clean
.SECONDARY:
-include $(wildcard $(BUILD)/helpers/*.d $(BUILD)/hooks/*.d \
	$(BUILD)/tests/*/*.d)
