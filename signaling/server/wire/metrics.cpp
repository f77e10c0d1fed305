// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/metrics.hpp"

#include <string_view>

namespace rtc::signaling {

namespace {

class Page {
 public:
  void head(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "rtc_signald_" + std::string(name);
    text_ += "# HELP " + name_ + ' ' + std::string(help) + "\n# TYPE " + name_ + ' ' + std::string(type) + '\n';
  }
  template <typename Number>
  void value(Number number, const std::string& labels = "") {
    text_ += name_ + labels + ' ' + std::to_string(number) + '\n';
  }
  template <typename Number>
  void one(std::string_view name, std::string_view type, std::string_view help, Number number) {
    head(name, type, help);
    value(number);
  }
  std::string text() const { return text_; }

 private:
  std::string name_;
  std::string text_;
};

/// Every label here is a word of ours or a number: nothing needs an escape.
std::string label(std::string_view name, std::string_view text) {
  return "{" + std::string(name) + "=\"" + std::string(text) + "\"}";
}

void addConnections(Page& page, const Metrics& metrics) {
  page.one("connections", "gauge", "Open TCP connections.", metrics.connections);
  page.one("websockets", "gauge", "Open WebSockets.", metrics.websockets_open);
  page.one("accepted_total", "counter", "TCP connections let in.", metrics.accepted);
  page.head("refused_total", "counter", "TCP connections and pages turned away, by the limit that did it.");
  page.value(metrics.refused_full, label("limit", "max_connections"));
  page.value(metrics.refused_address_full, label("limit", "max_connections_per_address"));
  page.value(metrics.refused_address_rate, label("limit", "accept_rate"));
  page.value(metrics.refused_origin, label("limit", "origin"));
  page.one("accept_errors_total", "counter", "Connections that could not be accepted (file descriptors, memory).",
           metrics.accept_errors);
  page.one("tls_handshakes_total", "counter", "Completed TLS handshakes.", metrics.tls_handshakes);
  page.one("websockets_total", "counter", "WebSockets opened.", metrics.websockets);
  page.head("requests_total", "counter", "HTTP requests answered, by status; 101 is a WebSocket.");
  for (const auto& [status, count] : metrics.requests) page.value(count, label("status", std::to_string(status)));
  page.head("closed_total", "counter", "Connections that ended, by the reason.");
  for (std::size_t i = 0; i < kClosings; ++i) {
    page.value(metrics.closed[i], label("reason", word(static_cast<Closing>(i))));
  }
}

void addTraffic(Page& page, const Metrics& metrics) {
  page.one("received_bytes_total", "counter", "Bytes read from sockets, without TLS.", metrics.bytes_in);
  page.one("sent_bytes_total", "counter", "Bytes written to sockets, without TLS.", metrics.bytes_out);
  page.one("queued_bytes", "gauge", "Bytes that wait to be sent.", metrics.queued_bytes);
  page.one("pings_total", "counter", "Pings sent.", metrics.pings);
  page.one("slowest_turn_seconds", "gauge", "Longest turn of the event loop since the last reading.",
           metrics.slowest_turn_seconds);
}

void addLogins(Page& page, const HubCounters& hub) {
  page.one("users", "gauge", "Users who are logged in.", hub.users);
  page.one("sessions", "gauge", "Logins, those included that wait for their client's return.", hub.sessions);
  page.one("logins_total", "counter", "Logins that succeeded.", hub.logins);
  page.one("resumes_total", "counter", "Logins that took up a lost connection's.", hub.resumes);
  page.one("resumes_refused_total", "counter", "Secrets of lost connections that nobody has any more.",
           hub.resumes_refused);
  page.one("logins_refused_total", "counter", "Logins that were refused, for whatever reason.", hub.logins_refused);
  page.one("tokens_refused_total", "counter", "Of these, for what the token proves.", hub.tokens_refused);
  page.one("tokens_expired_total", "counter", "Logins that outlived their tokens.", hub.tokens_expired);
}

void addCalls(Page& page, const HubCounters& hub) {
  page.one("messages_received_total", "counter", "Messages of clients.", hub.messages_in);
  page.one("messages_sent_total", "counter", "Messages to clients.", hub.messages_out);
  page.one("calls", "gauge", "Calls that are not over.", hub.calls_now);
  page.one("calls_total", "counter", "Calls begun.", hub.calls);
  page.one("calls_accepted_total", "counter", "Calls accepted.", hub.calls_accepted);
  page.one("calls_connected_total", "counter", "Calls in which media flowed.", hub.calls_connected);
  page.one("calls_reattached_total", "counter", "Calls that outlived a restart.", hub.calls_reattached);
  page.one("missed_calls_total", "counter", "Calls kept for a callee's next login.", hub.missed_calls);
  page.head("calls_ended_total", "counter", "Calls that are over, by reason.");
  for (std::size_t i = 0; i < kReasons; ++i) {
    page.value(hub.calls_ended[i], label("reason", word(static_cast<Reason>(i))));
  }
}

void addLimits(Page& page, const Metrics& metrics, const HubCounters& hub) {
  page.head("limited_total", "counter", "Requests refused and clients given up, by the limit that did it.");
  page.value(hub.messages_limited, label("limit", "message_rate"));
  page.value(hub.floods_closed, label("limit", "message_rate_closed"));
  page.value(hub.calls_limited, label("limit", "calls"));
  page.value(hub.logins_limited, label("limit", "logins"));
  page.value(hub.outboxes_overflown, label("limit", "outbox"));
  page.value(hub.foreign_calls, label("limit", "foreign_call"));
  page.one("limited_addresses", "gauge", "Addresses that the limits remember.", metrics.addresses);
}

void addReloads(Page& page, const Metrics& metrics) {
  page.head("reloads_total", "counter", "Reloads by SIGHUP, by their result.");
  page.value(metrics.reloads, label("result", "done"));
  page.value(metrics.reloads_failed, label("result", "failed"));
}

}  // namespace

std::string prometheusText(const Metrics& metrics, const HubCounters& hub, const std::string& version) {
  Page page;
  page.head("build_info", "gauge", "The version, as a label.");
  page.value(1, label("version", version));
  addConnections(page, metrics);
  addTraffic(page, metrics);
  addLogins(page, hub);
  addCalls(page, hub);
  addLimits(page, metrics, hub);
  addReloads(page, metrics);
  return page.text();
}

}  // namespace rtc::signaling
