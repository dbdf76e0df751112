# SPDX-License-Identifier: GPL-2.0-or-later
# ifpolicy: all install install-rhel demo check check-vm check-unit
# check-network-scripts bench clean, and those of tests/checks.mk.  Variables a
# packager may set: PREFIX DESTDIR SBINDIR LIBEXECDIR SYSCONFDIR MANDIR
# COMPLETIONDIR NETWORKDDIR UNITDIR DISPATCHERDIR DHCPCDHOOKDIR SCRIPTHOOKDIR CC
# CFLAGS CPPFLAGS LDFLAGS PKG_CONFIG; V=1 shows the commands.

VERSION ?= 0.1.0
PREFIX ?= /usr
SBINDIR ?= $(PREFIX)/sbin
LIBEXECDIR ?= $(PREFIX)/libexec
SYSCONFDIR ?= /etc
MANDIR ?= $(PREFIX)/share/man
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
NETWORKDDIR ?= $(PREFIX)/lib/systemd/networkd.conf.d
UNITDIR ?= $(PREFIX)/lib/systemd/system
# Where NetworkManager (1.20 and later; before, only below /etc), dhcpcd and
# network-scripts look for hooks; no SCRIPTHOOKDIR, no links there.
DISPATCHERDIR ?= $(PREFIX)/lib/NetworkManager/dispatcher.d
DHCPCDHOOKDIR ?= $(PREFIX)/lib/dhcpcd/dhcpcd-hooks
SCRIPTHOOKDIR ?= /sbin
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
	$(filter-out tests/unit/% tests/model/% tests/fuzz/%,\
	$(wildcard tests/*/*.c)))

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

# What every system gets:
# $(call install_common,DIRECTORY OF THE DEFAULTS,HOOKS,DHCLIENT'S NAME,ITS MODE)
define install_common
	install -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(LIBEXECDIR)/ifpolicy \
		$(DESTDIR)$(SYSCONFDIR)/$(1) \
		$(DESTDIR)$(SYSCONFDIR)/iproute2/rt_protos.d \
		$(DESTDIR)$(NETWORKDDIR) $(DESTDIR)$(COMPLETIONDIR) \
		$(DESTDIR)$(UNITDIR) \
		$(DESTDIR)$(DISPATCHERDIR)/pre-down.d \
		$(addprefix $(DESTDIR)$(MANDIR)/man,5 7 8)
	install -m 755 $(BUILD)/ifpolicy $(DESTDIR)$(SBINDIR)/ifpolicy
	install -m 755 $(2) dhcp/udhcpc $(DESTDIR)$(LIBEXECDIR)/ifpolicy/
	install -d $(DESTDIR)$(SYSCONFDIR)/dhcp/dhclient-exit-hooks.d \
		$(DESTDIR)$(DHCPCDHOOKDIR)
	install -m $(4) dhcp/exit-hook \
		$(DESTDIR)$(SYSCONFDIR)/dhcp/dhclient-exit-hooks.d/$(3)
	install -m 644 dhcp/exit-hook $(DESTDIR)$(DHCPCDHOOKDIR)/90-ifpolicy
	test -e $(DESTDIR)$(SYSCONFDIR)/$(1)/ifpolicy || install -m 644 \
		sysconfig/default $(DESTDIR)$(SYSCONFDIR)/$(1)/ifpolicy
	install -m 644 sysconfig/rt_protos.conf \
		$(DESTDIR)$(SYSCONFDIR)/iproute2/rt_protos.d/ifpolicy.conf
	install -m 644 sysconfig/networkd.conf \
		$(DESTDIR)$(NETWORKDDIR)/ifpolicy.conf
	install -m 644 sysconfig/ifpolicy-watch.service $(DESTDIR)$(UNITDIR)/
	sed -i 's,/usr/sbin/,$(SBINDIR)/,' \
		$(DESTDIR)$(UNITDIR)/ifpolicy-watch.service
	install -m 644 helpers/completion/ifpolicy \
		$(DESTDIR)$(COMPLETIONDIR)/ifpolicy
	for s in 5 7 8; do install -m 644 helpers/man/*.$$s \
		$(DESTDIR)$(MANDIR)/man$$s/ || exit 1; done
	for d in . pre-down.d; do \
		ln -srf $(DESTDIR)$(LIBEXECDIR)/ifpolicy/networkmanager \
		$(DESTDIR)$(DISPATCHERDIR)/$$d/ifpolicy || exit 1; done
endef

install: all
	$(call install_common,default,$(hooks),zz-ifpolicy,644)
	install -d $(DESTDIR)$(SYSCONFDIR)/network/if-up.d \
		$(DESTDIR)$(SYSCONFDIR)/network/if-down.d \
		$(DESTDIR)$(LIBEXECDIR)/ifupdown-ng
	for at in $(SYSCONFDIR)/network/if-up.d/ifpolicy \
		$(SYSCONFDIR)/network/if-down.d/ifpolicy \
		$(LIBEXECDIR)/ifupdown-ng/policy; do ln -sf \
		$(LIBEXECDIR)/ifpolicy/ifupdown $(DESTDIR)$$at || exit 1; done

# Red Hat.  A hook of the administrator's stays; the line to add is printed.
scripthook = $(LIBEXECDIR)/ifpolicy/network-scripts
rhel_hooks = $(filter-out %/ifupdown,$(hooks))
install-rhel: DHCPCDHOOKDIR = $(LIBEXECDIR)/dhcpcd-hooks
install-rhel: all
	$(call install_common,sysconfig,$(rhel_hooks),ifpolicy.sh,755)
	test -z "$(SCRIPTHOOKDIR)" || install -d $(DESTDIR)$(SCRIPTHOOKDIR)
	$(Q)test -n "$(SCRIPTHOOKDIR)" || exit 0; \
	for h in ifup-local ifdown-pre-local ifdown-local; do \
		at="$(DESTDIR)$(SCRIPTHOOKDIR)/$$h"; \
		if ! [ -e "$$at" -o -L "$$at" ]; then \
			ln -s "$(scripthook)" "$$at" || exit 1; \
		elif [ "$$(readlink "$$at")" != "$(scripthook)" ]; then \
			echo "$$at is not ours and stays; add this line to it:"; \
			echo "[ ! -x $(scripthook) ] ||" \
				"$(scripthook) $$h \"\$$@\""; \
		fi; \
	done

demo:
	$(Q)tests/lib/need build demo
	$(Q)$(MAKE) --no-print-directory all
	$(Q)tests/demo/three-nics

# VM=1 adds check-vm.
check:
	$(Q)tests/lib/need build check $(if $(VM),vm)
	$(Q)$(MAKE) --no-print-directory all $(unit_tests) $(tools) $(model) \
		$(corpora)
	$(Q)VM=$(VM) tests/lib/check

# The package on a machine of its own, with its own kernel and systemd.
check-vm:
	$(Q)tests/lib/need check vm
	$(Q)VM= TESTS="$(wildcard tests/vm/*.t)" tests/lib/check

# Needs neither root nor a network; what a package build can run.
check-unit: $(unit_tests)
	tests/lib/check-unit $(unit_tests)

# The tests of network-scripts with the real scripts, which are in no package
# here: INITSCRIPTS is a git directory of fedora-sysv/initscripts.
check-network-scripts:
	$(Q)test -n "$(INITSCRIPTS)" || { echo "make check-network-scripts" \
		"INITSCRIPTS=GIT_DIR: a git directory of the public" \
		"repository fedora-sysv/initscripts" >&2; exit 2; }
	$(Q)tests/lib/need build check scripts
	$(Q)$(MAKE) --no-print-directory all $(tools)
	$(Q)tests/lib/check-scripts "$(INITSCRIPTS)"

bench:
	$(Q)tests/lib/need build bench
	$(Q)$(MAKE) --no-print-directory all $(tools)
	$(Q)tests/bench/run

clean:
	rm -rf $(BUILD)/helpers $(BUILD)/hooks $(BUILD)/tests \
		$(BUILD)/libifpolicy.a $(BUILD)/ifpolicy

.PHONY: all install install-rhel demo check check-vm check-unit \
	check-network-scripts bench clean
.SECONDARY:
include tests/checks.mk
-include $(wildcard $(BUILD)/helpers/*.d $(BUILD)/hooks/*.d \
	$(BUILD)/tests/*/*.d)
