// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How the objects of the socket layer are owned.
#pragma once

#include <libsoup/soup.h>

#include "base/ptr.hpp"

RTC_OWN_GOBJECT(GCancellable);
RTC_OWN_GOBJECT(GTlsDatabase);
RTC_OWN_GOBJECT(SoupMessage);
RTC_OWN_GOBJECT(SoupSession);
RTC_OWN_GOBJECT(SoupWebsocketConnection);
RTC_OWN_COUNTED(GUri, g_uri_ref, g_uri_unref);
