# residency: `make` builds it, `make install` installs it; `make test`, `make demo`
# and `make bench` set up everything they need themselves and leave no cluster behind.

EXTENSION    = residency
# PGXS takes the name VERSION for the server's own
EXTVERSION  := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" residency.control)
MODULE_big   = residency
OBJS         = $(patsubst %.c,%.o,$(wildcard src/*.c src/*/*.c))
SHLIB_LINK   = -lm
DATA_built   = $(patsubst %,build/%.sql,$(shell sh sql/assemble.sh list))

PG_CPPFLAGS  = -Isrc -DRESIDENCY_VERSION='"$(EXTVERSION)"'
PG_CFLAGS    = -Wall -Wextra -Wno-unused-parameter

REGRESS        = $(patsubst test/sql/%.sql,%,$(sort $(wildcard test/sql/*.sql)))
REGRESS_OPTS   = --inputdir=test
ISOLATION      = $(patsubst test/specs/%.spec,%,$(sort $(wildcard test/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test --outputdir=.

EXTRA_CLEAN  = build tmp $(OBJS:.o=.d)

# These run before there is a server to build against.
STANDALONE   = test demo bench fuzz setup
.PHONY: $(STANDALONE) assemble
ifneq ($(filter $(STANDALONE),$(MAKECMDGOALS)),)

test demo bench fuzz: setup
	@bash test/run.sh $@

setup:
	@bash test/setup.sh

else

PG_CONFIG   ?= pg_config
PGXS        := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# Debian's server is built without --enable-depend: track the headers ourselves.
override CFLAGS += -MMD -MP
-include $(OBJS:.o=.d)

src/residency.o: residency.control

$(DATA_built): build/%.sql: $(shell find sql -type f) residency.control
	@mkdir -p build
	sh sql/assemble.sh $* > $@.tmp && mv $@.tmp $@

endif
