// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/call_pipeline.hpp"

#include "app/devices.hpp"
#include "app/launch_library.hpp"
#include "app/launch_text.hpp"
#include "app/sources.hpp"

namespace rtc::app {

namespace {

void addSession(const Options& options, Parameters& parameters) {
  const auto value = [](const std::string& text) { return Parameter{Parameter::Kind::Value, text}; };
  parameters["server"] = value(options.server);
  parameters["user"] = value(options.user);
  if (!options.token.empty()) parameters["token"] = value(options.token);
  if (!options.groups.empty()) parameters["groups"] = value(joinedAtCommas(options.groups));
  parameters["visible"] = value(options.visible ? "true" : "false");
  if (!options.tls_ca_file.empty()) parameters["tls-ca-file"] = value(options.tls_ca_file);
  if (!options.peer.empty()) parameters["peer"] = value(options.peer);
  parameters["recovery-timeout"] = value(std::to_string(options.recovery_timeout * 1000));
  // Who calls somebody is asked by nobody: the program decides about a call that comes in meanwhile.
  const bool asks = options.ask || options.command == Command::Dial;
  parameters["accept"] = value(asks ? "ask" : "auto");
}

/// The user's own NAME=VALUE. One that the pipeline does not have is a mistake, most likely in its spelling.
Result<Done> addGiven(const Options& options, const std::string& launch_text, Parameters& parameters) {
  const auto names = parameterNames(launch_text);
  for (const auto& [name, value] : options.parameters) {
    if (names.count(name) == 0) {
      std::string list;
      for (const auto& known : names) list += (list.empty() ? "" : ", ") + known;
      return Error{"The pipeline “" + options.pipeline + "” has no parameter “" + name +
                   "”. It has: " + (list.empty() ? "none" : list) + "."};
    }
    parameters[name] = {Parameter::Kind::Value, value};
  }
  return Done{};
}

}  // namespace

Result<CallPipeline> describeCall(const Options& options, Face& face) {
  const auto library = LaunchLibrary::ofThisUser();
  const auto text = library.load(options.pipeline);
  const auto video_text = library.load("received-video");
  const auto audio_text = library.load("received-audio");
  for (const auto* loaded : {&text, &video_text, &audio_text}) {
    if (!*loaded) return loaded->error();
  }
  const auto names = parameterNames(text.value());
  const auto found = devices();
  const bool cancel_echo = names.count("audio") != 0 && canCancelEcho(options.audio, found);

  Parameters parameters;
  CallPipeline call;
  addSession(options, parameters);
  const auto choose = [&](const char* name, Result<Choice> choice) -> Result<Done> {
    if (!choice) return choice.error();
    parameters[name] = choice.value().fragment;
    // What the pipeline does not use is not worth telling.
    if (names.count(name) == 0) return Done{};
    face.show(choice.value().told);
    if (choice.value().live) call.inputs.push_back(std::move(*choice.value().live));
    return Done{};
  };
  const VideoWish video_wish{options.video, options.camera, options.size, options.user};
  const AudioWish audio_wish{options.audio, options.microphone, options.user, cancel_echo};
  if (auto chosen = choose("video", chooseVideo(video_wish, found)); !chosen) return chosen.error();
  if (auto chosen = choose("audio", chooseAudio(audio_wish, found)); !chosen) return chosen.error();
  if (const auto given = addGiven(options, text.value(), parameters); !given) return given.error();

  const auto display = chooseDisplay(options.display.value_or(hasScreen()));
  auto speaker = chooseSpeaker(options.speaker, found, cancel_echo);
  if (!speaker) return speaker.error();
  if (text.value().find("rtcsignalsrc") != std::string::npos) {
    face.show(display.told);
    face.show(speaker.value().told);
    call.speaker = std::move(speaker.value().live);
  }
  parameters["display"] = display.fragment;
  parameters["speaker"] = speaker.value().fragment;

  auto pipeline = fillIn(text.value(), parameters);
  auto video = fillIn(video_text.value(), parameters);
  auto audio = fillIn(audio_text.value(), parameters);
  for (const auto* filled : {&pipeline, &video, &audio}) {
    if (!*filled) return filled->error();
  }
  call.pipeline = std::move(pipeline).value();
  call.received = {std::move(video).value(), std::move(audio).value()};
  return call;
}

}  // namespace rtc::app
