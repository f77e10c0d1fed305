// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/client/nested_context.hpp"

#include <algorithm>
#include <vector>

namespace rtc::signaling {

namespace {

/// What the inner context wants to be polled for, as the outer one was last told.
struct Poll {
  gint priority = G_PRIORITY_DEFAULT;
  std::vector<GPollFD> wanted;
  std::vector<GPollFD> polled;  // the outer context holds pointers into this one
};

/// The outer context's source for all that the inner one has.
struct Bridge {
  GSource source;
  GMainContext* inner;
  Poll* poll;
};

Bridge* bridgeOf(GSource* source) {
  return reinterpret_cast<Bridge*>(source);
}

bool samePolls(const std::vector<GPollFD>& a, const std::vector<GPollFD>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const GPollFD& x, const GPollFD& y) { return x.fd == y.fd && x.events == y.events; });
}

gint queryInner(const Bridge& bridge) {
  auto& wanted = bridge.poll->wanted;
  gint timeout = -1;
  for (;;) {
    const auto capacity = static_cast<gint>(wanted.size());
    const gint count = g_main_context_query(bridge.inner, bridge.poll->priority, &timeout, wanted.data(), capacity);
    wanted.resize(static_cast<std::size_t>(count));
    if (count <= capacity) return timeout;
  }
}

gboolean prepare(GSource* source, gint* timeout) noexcept {
  auto& bridge = *bridgeOf(source);
  auto& poll = *bridge.poll;
  const bool ready = g_main_context_prepare(bridge.inner, &poll.priority) != FALSE;
  const gint wait = queryInner(bridge);
  // Only when something changed: each change wakes the outer context up once more.
  if (!samePolls(poll.wanted, poll.polled)) {
    for (auto& fd : poll.polled) g_source_remove_poll(source, &fd);
    poll.polled = poll.wanted;
    for (auto& fd : poll.polled) g_source_add_poll(source, &fd);
  }
  // Never TRUE: the outer context would then leave out `check`, which the inner one needs before its dispatch.
  *timeout = ready ? 0 : wait;
  return FALSE;
}

gboolean check(GSource* source) noexcept {
  auto& bridge = *bridgeOf(source);
  auto& polled = bridge.poll->polled;
  return g_main_context_check(bridge.inner, bridge.poll->priority, polled.data(), static_cast<gint>(polled.size()));
}

gboolean dispatch(GSource* source, GSourceFunc, gpointer) noexcept {
  // The bridge may be destroyed by what it dispatches.
  const auto inner = share(bridgeOf(source)->inner);
  g_main_context_push_thread_default(inner.get());
  g_main_context_dispatch(inner.get());
  g_main_context_pop_thread_default(inner.get());
  return G_SOURCE_CONTINUE;
}

void finalize(GSource* source) noexcept {
  delete bridgeOf(source)->poll;
  g_main_context_unref(bridgeOf(source)->inner);
}

GSourceFuncs* bridgeFunctions() {
  static GSourceFuncs functions = {prepare, check, dispatch, finalize, nullptr, nullptr};
  return &functions;
}

}  // namespace

NestedContext::NestedContext()
    : inner_(adopt(g_main_context_new())), bridge_(adopt(g_source_new(bridgeFunctions(), sizeof(Bridge)))) {
  auto& bridge = *bridgeOf(bridge_.get());
  bridge.inner = release(share(inner_));
  bridge.poll = new Poll();
  // For good: the inner context has one owner, the thread that serves the outer one.
  const bool owned = g_main_context_acquire(inner_.get()) != FALSE;
  g_assert(owned);
  const auto outer = adopt(g_main_context_ref_thread_default());
  g_source_attach(bridge_.get(), outer.get());
}

NestedContext::~NestedContext() {
  g_source_destroy(bridge_.get());
  g_main_context_release(inner_.get());
}

void NestedContext::serveUntil(const std::function<bool()>& done, Duration limit) const {
  const Instant end = SteadyClock().now() + limit;
  enter([&] {
    while (!done()) {
      const Duration left = end - SteadyClock().now();
      if (left <= Duration::zero()) return;
      // An empty call at the deadline, so that the iteration wakes up for it.
      const auto alarm = adopt(g_timeout_source_new(static_cast<guint>(left.count())));
      g_source_set_callback(
          alarm.get(), [](gpointer) -> gboolean { return G_SOURCE_REMOVE; }, nullptr, nullptr);
      g_source_attach(alarm.get(), inner_.get());
      g_main_context_iteration(inner_.get(), TRUE);
      g_source_destroy(alarm.get());
    }
  });
}

}  // namespace rtc::signaling
