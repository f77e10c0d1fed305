// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The service's log: one line an event, on the standard error or in the journal. Descriptions hold addresses and tokens
// are secrets: neither is ever logged.
#pragma once

#define G_LOG_DOMAIN_SIGNALD "rtc-signald"

#include <glib.h>

#define SIGNALD_LOG(level, ...) \
  g_log_structured(G_LOG_DOMAIN_SIGNALD, level, "SYSLOG_IDENTIFIER", G_LOG_DOMAIN_SIGNALD, "MESSAGE", __VA_ARGS__)
