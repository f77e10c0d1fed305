// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/child_process.hpp"

#include <csignal>
#include <cstdlib>

#include <sys/prctl.h>
#include <sys/wait.h>

#include "tests/support/check.hpp"

RTC_OWN_GOBJECT(GSubprocessLauncher);
RTC_OWN_GOBJECT(GCancellable);

namespace rtc::testing {

namespace {

/// In the child before it becomes the program: a test that is itself killed takes the program with it.
void dieWithParent(gpointer) noexcept {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
}

Ptr<GDataInputStream> linesOf(GInputStream* pipe) {
  return pipe != nullptr ? adopt(g_data_input_stream_new(pipe)) : nullptr;
}

struct PendingLine {
  bool done = false;
  std::optional<std::string> line;
};

void lineRead(GObject* stream, GAsyncResult* result, gpointer data) noexcept {
  auto* pending = static_cast<PendingLine*>(data);
  const auto line = adopt(g_data_input_stream_read_line_finish(G_DATA_INPUT_STREAM(stream), result, nullptr, nullptr));
  if (line) pending->line = line.get();
  pending->done = true;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& argv, const Environment& environment, bool read_stderr) {
  const auto flags =
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | (read_stderr ? G_SUBPROCESS_FLAGS_STDERR_PIPE : G_SUBPROCESS_FLAGS_NONE);
  const auto launcher = adopt(g_subprocess_launcher_new(static_cast<GSubprocessFlags>(flags)));
  g_subprocess_launcher_set_child_setup(launcher.get(), dieWithParent, nullptr, nullptr);
  for (const auto& [name, value] : environment) {
    g_subprocess_launcher_setenv(launcher.get(), name.c_str(), value.c_str(), TRUE);
  }
  std::vector<const char*> arguments;
  for (const auto& argument : argv) arguments.push_back(argument.c_str());
  arguments.push_back(nullptr);
  Out<GError> error;
  process_ = adopt(g_subprocess_launcher_spawnv(launcher.get(), arguments.data(), &error));
  ck_assert_msg(process_ != nullptr, "cannot start %s: %s", arguments[0], error ? error->message : "?");
  stdout_ = linesOf(g_subprocess_get_stdout_pipe(process_.get()));
  stderr_ = linesOf(g_subprocess_get_stderr_pipe(process_.get()));
}

ChildProcess::~ChildProcess() {
  if (running()) g_subprocess_force_exit(process_.get());
  g_subprocess_wait(process_.get(), nullptr, nullptr);
}

std::optional<std::string> ChildProcess::readLine(Duration deadline) {
  return lineFrom(stdout_.get(), deadline);
}

std::string ChildProcess::readStderr() {
  std::string text;
  while (const auto line = lineFrom(stderr_.get(), kPatience)) text += *line + "\n";
  return text;
}

std::optional<std::string> ChildProcess::lineFrom(GDataInputStream* stream, Duration deadline) {
  PendingLine pending;
  const auto cancellable = adopt(g_cancellable_new());
  g_data_input_stream_read_line_async(stream, G_PRIORITY_DEFAULT, cancellable.get(), lineRead, &pending);
  const auto done = [&] { return pending.done; };
  if (!waitFor(done, deadline)) {
    g_cancellable_cancel(cancellable.get());
    // The callback still comes, and must find `pending` alive.
    waitFor(done);
  }
  return pending.line;
}

void ChildProcess::signal(int number) {
  g_subprocess_send_signal(process_.get(), number);
}

void ChildProcess::freeze() {
  signal(SIGSTOP);
  const auto id = static_cast<id_t>(pid());
  RTC_ASSERT(waitFor([&] {
    siginfo_t change{};
    return waitid(P_PID, id, &change, WSTOPPED | WNOHANG) == 0 && change.si_pid != 0;
  }));
}

void ChildProcess::thaw() {
  signal(SIGCONT);
}

bool ChildProcess::running() const {
  return g_subprocess_get_identifier(process_.get()) != nullptr;
}

int ChildProcess::pid() const {
  const char* identifier = g_subprocess_get_identifier(process_.get());
  return identifier != nullptr ? std::atoi(identifier) : 0;
}

std::optional<int> ChildProcess::wait(Duration deadline) {
  if (!waitFor([this] { return !running(); }, deadline)) return std::nullopt;
  if (g_subprocess_get_if_signaled(process_.get())) return -g_subprocess_get_term_sig(process_.get());
  return g_subprocess_get_exit_status(process_.get());
}

}  // namespace rtc::testing
