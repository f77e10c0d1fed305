// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The program while it sends or receives files: one element in a pipeline, its messages shown, and the right status at
// the end.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "app/event.hpp"
#include "app/exit_status.hpp"
#include "app/options.hpp"
#include "app/pipeline_host.hpp"
#include "app/questions.hpp"
#include "base/task_thread.hpp"

namespace rtc::app {

/// Bound to the main thread.
class FileApp {
 public:
  FileApp(Options options, Face& face);
  FileApp(const FileApp&) = delete;
  FileApp& operator=(const FileApp&) = delete;

  ExitStatus run();

 private:
  struct Callbacks;

  bool sends() const { return options_.command == Command::Send; }
  Result<Done> prepare();
  Ptr<GstElement> makeElement() const;
  void heard(GstMessage* message);
  void sessionChanged(const GstStructure* structure);
  void callChanged(const GstStructure* structure);
  void fileChanged(const FileEvent& event);
  void ask(const FileEvent& offer);
  void answer(const std::string& transfer, bool yes);
  ExitStatus statusOf(const FileEvent& event) const;
  void interrupted();
  void finish(ExitStatus status);

  const Options options_;
  Face& face_;
  Ptr<GMainLoop> loop_;
  std::unique_ptr<PipelineHost> host_;
  Ptr<GstElement> element_;
  Questions questions_;            ///< by transfer
  std::set<std::string> running_;  ///< transfers under way
  std::optional<ExitStatus> status_;
  bool was_connected_ = false;
  std::string call_reason_;  ///< why the last call ended
  unsigned interrupts_ = 0;
  Timer farewell_;
};

}  // namespace rtc::app
