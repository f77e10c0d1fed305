// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/wait.hpp"

#include "base/ptr.hpp"

namespace rtc::testing {

namespace {

/// Wakes the context now and then, for predicates that no source of it changes.
class Heartbeat {
 public:
  explicit Heartbeat(GMainContext* context) : source_(adopt(g_timeout_source_new(5))) {
    g_source_set_callback(
        source_.get(), [](gpointer) noexcept -> gboolean { return G_SOURCE_CONTINUE; }, nullptr, nullptr);
    g_source_attach(source_.get(), context);
  }
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  ~Heartbeat() { g_source_destroy(source_.get()); }

 private:
  Ptr<GSource> source_;
};

}  // namespace

bool waitFor(const std::function<bool()>& predicate, Duration deadline, GMainContext* context) {
  const auto iterated = context != nullptr ? share(context) : adopt(g_main_context_ref_thread_default());
  const SteadyClock clock;
  const Instant end = clock.now() + deadline;
  const Heartbeat heartbeat(iterated.get());
  while (!predicate()) {
    if (clock.now() >= end) return false;
    g_main_context_iteration(iterated.get(), TRUE);
  }
  return true;
}

}  // namespace rtc::testing
