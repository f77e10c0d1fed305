// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/client/service_address.hpp"

#include <string_view>

RTC_OWN_GOBJECT(GInetAddress);

namespace rtc::signaling {

namespace {

bool namesLoopback(const char* host) {
  if (g_ascii_strcasecmp(host, "localhost") == 0) return true;
  const auto address = adopt(g_inet_address_new_from_string(host));
  return address && g_inet_address_get_is_loopback(address.get());
}

}  // namespace

Result<ServiceAddress> ServiceAddress::parse(const std::string& text) {
  const Error refusal{"“" + text + "” is no address of a signaling service. Write it as ws://HOST:PORT or wss://HOST."};
  auto uri = adopt(g_uri_parse(text.c_str(), G_URI_FLAGS_NONE, nullptr));
  if (!uri) return refusal;
  const std::string_view scheme = g_uri_get_scheme(uri.get());
  const char* host = g_uri_get_host(uri.get());
  if ((scheme != "ws" && scheme != "wss") || host == nullptr || *host == '\0') return refusal;

  const auto hide = static_cast<GUriHideFlags>(G_URI_HIDE_USERINFO | G_URI_HIDE_QUERY | G_URI_HIDE_FRAGMENT);
  const auto shown = adopt(g_uri_to_string_partial(uri.get(), hide));
  const bool loopback = namesLoopback(host);
  // The request needs a path; the user need not write one.
  uri = adopt(g_uri_parse(text.c_str(), static_cast<GUriFlags>(SOUP_HTTP_URI_FLAGS), nullptr));
  if (!uri) return refusal;
  return ServiceAddress(std::move(uri), shown.get(), loopback);
}

}  // namespace rtc::signaling
