// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The program while it calls, answers or runs a pipeline: it hosts the graph, decides about calls as the command line
// says, tells what happens, and ends with the right status. All that it knows of calls it reads from the bus.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/call_devices.hpp"
#include "app/call_files.hpp"
#include "app/call_pipeline.hpp"
#include "app/event.hpp"
#include "app/exit_status.hpp"
#include "app/options.hpp"
#include "app/pipeline_host.hpp"
#include "app/questions.hpp"
#include "app/received_media.hpp"
#include "app/typed_commands.hpp"
#include "base/task_thread.hpp"

namespace rtc::app {

/// Bound to the main thread.
class CallApp {
 public:
  CallApp(Options options, Face& face);
  CallApp(const CallApp&) = delete;
  CallApp& operator=(const CallApp&) = delete;

  ExitStatus run();

 private:
  struct Callbacks;
  struct Call {
    bool connected = false;
  };

  Result<Done> prepare(CallPipeline description);
  Result<Done> start();

  void heard(GstMessage* message);
  void heardElement(GstMessage* message, const GstStructure* structure);
  void sessionChanged(const GstStructure* structure);
  void callChanged(const GstStructure* structure);
  void callEnded(const CallEvent& event);
  void typed(const std::string& line);
  void mute(const MuteCommand& command);
  void decideAbout(const CallEvent& event);
  void answerWith(const std::string& call, bool yes);
  void measured(const GstStructure* statistics);
  void heardLevel(const GstStructure* level);
  void failed(GstMessage* message);
  void takeSnapshot();
  ExitStatus statusOf(const CallEvent& event, bool was_connected) const;
  bool endsWithACall(const CallEvent& event) const;
  void hangUp();
  void interrupted();
  void finish(ExitStatus status);

  const Options options_;
  Face& face_;
  Ptr<GMainLoop> loop_;
  std::unique_ptr<PipelineHost> host_;
  std::unique_ptr<ReceivedMedia> received_;
  std::unique_ptr<CallDevices> devices_;
  std::unique_ptr<CallFiles> files_;
  Ptr<GstElement> session_;            // one of the session's elements: takes its actions
  std::map<std::string, Call> calls_;  // those that have not ended, by id
  Questions questions_;                // by call
  std::unique_ptr<TypedCommands> typed_;
  std::optional<double> level_;
  ExitStatus status_ = ExitStatus::EndedWell;
  bool ending_ = false;          // no further calls: end with this one
  bool was_called_off_ = false;  // by our own user
  bool session_failed_ = false;
  bool broke_ = false;  // an error of the pipeline, whatever the calls then end with
  unsigned interrupts_ = 0;
  Timer duration_;
  Timer farewell_;
  Timer glare_;
};

}  // namespace rtc::app
