// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/json_face.hpp"

#include <json-glib/json-glib.h>

#include <cmath>
#include <cstdio>
#include <type_traits>

#include "app/terminal_face.hpp"
#include "base/ptr.hpp"

RTC_OWN_GOBJECT(JsonBuilder);
RTC_OWN_GOBJECT(JsonGenerator);
RTC_OWN_COUNTED(JsonNode, json_node_ref, json_node_unref);

namespace rtc::app {

namespace {

class ObjectLine {
 public:
  explicit ObjectLine(const char* event) : builder_(adopt(json_builder_new())) {
    json_builder_begin_object(builder_.get());
    add("event", std::string(event));
  }

  void add(const char* name, const std::string& text) {
    json_builder_set_member_name(builder_.get(), name);
    json_builder_add_string_value(builder_.get(), text.c_str());
  }
  void add(const char* name, std::int64_t number) {
    json_builder_set_member_name(builder_.get(), name);
    json_builder_add_int_value(builder_.get(), number);
  }
  void add(const char* name, bool truth) {
    json_builder_set_member_name(builder_.get(), name);
    json_builder_add_boolean_value(builder_.get(), truth ? TRUE : FALSE);
  }
  void add(const char* name, double number) {
    json_builder_set_member_name(builder_.get(), name);
    // JSON has no word for what is not finite, such as the level of silence.
    if (std::isfinite(number)) {
      json_builder_add_double_value(builder_.get(), number);
    } else {
      json_builder_add_null_value(builder_.get());
    }
  }
  void addGiven(const char* name, const std::string& text) {
    if (!text.empty()) add(name, text);
  }
  JsonBuilder* builder() { return builder_.get(); }

  std::string text() {
    json_builder_end_object(builder_.get());
    const auto root = adopt(json_builder_get_root(builder_.get()));
    const auto generator = adopt(json_generator_new());
    json_generator_set_root(generator.get(), root.get());
    return adopt(json_generator_to_data(generator.get(), nullptr)).get();
  }

 private:
  Ptr<JsonBuilder> builder_;
};

void addMember(JsonBuilder* builder, const char* name, int number) {
  json_builder_set_member_name(builder, name);
  json_builder_add_int_value(builder, number);
}

void addMember(JsonBuilder* builder, const char* name, const std::string& text) {
  json_builder_set_member_name(builder, name);
  json_builder_add_string_value(builder, text.c_str());
}

/// A member of one number, or of two where it may be anything between.
void addRange(JsonBuilder* builder, const char* name, const Range& range) {
  if (range.from == range.to) {
    addMember(builder, name, range.from);
    return;
  }
  json_builder_set_member_name(builder, name);
  json_builder_begin_array(builder);
  json_builder_add_int_value(builder, range.from);
  json_builder_add_int_value(builder, range.to);
  json_builder_end_array(builder);
}

void addMode(JsonBuilder* builder, const PictureMode& mode) {
  json_builder_begin_object(builder);
  addMember(builder, "media", mode.media);
  addMember(builder, "format", mode.format);
  addRange(builder, "width", mode.width);
  addRange(builder, "height", mode.height);
  json_builder_set_member_name(builder, "rates");
  json_builder_begin_array(builder);
  for (const auto& rate : mode.rates) json_builder_add_double_value(builder, rate.value());
  json_builder_end_array(builder);
  json_builder_end_object(builder);
}

void addMode(JsonBuilder* builder, const SoundMode& mode) {
  json_builder_begin_object(builder);
  json_builder_set_member_name(builder, "formats");
  json_builder_begin_array(builder);
  for (const auto& format : mode.formats) json_builder_add_string_value(builder, format.c_str());
  json_builder_end_array(builder);
  addRange(builder, "rate", mode.rate);
  addRange(builder, "channels", mode.channels);
  json_builder_end_object(builder);
}

std::string foundDevice(const Device& device) {
  ObjectLine line("found-device");
  line.add("kind", std::string(nameOf(device.kind)));
  line.add("name", device.name);
  line.addGiven("path", device.path);
  if (device.kind != DeviceKind::Camera) line.add("default", device.is_default);
  line.addGiven("obstacle", device.obstacle);
  json_builder_set_member_name(line.builder(), "modes");
  json_builder_begin_array(line.builder());
  for (const auto& mode : device.pictures) addMode(line.builder(), mode);
  for (const auto& mode : device.sounds) addMode(line.builder(), mode);
  json_builder_end_array(line.builder());
  return line.text();
}

struct Writer {
  std::string operator()(const SessionEvent& event) const {
    ObjectLine line("session");
    line.add("state", event.state);
    line.addGiven("user", event.user);
    line.addGiven("server", event.server);
    line.addGiven("message", event.message);
    return line.text();
  }
  std::string operator()(const CallEvent& event) const {
    ObjectLine line("call");
    line.add("state", event.state);
    line.add("peer", event.peer);
    line.addGiven("direction", event.direction);
    line.addGiven("call", event.call);
    line.addGiven("reason", event.reason);
    line.addGiven("display", event.display);
    line.addGiven("group", event.group);
    return line.text();
  }
  std::string operator()(const MissedCallEvent& event) const {
    ObjectLine line("missed");
    line.add("peer", event.peer);
    line.add("call", event.call);
    line.add("ago", std::int64_t{event.ago});
    return line.text();
  }
  std::string operator()(const PresenceEvent& event) const {
    ObjectLine line("presence");
    line.add("user", event.user);
    line.add("state", event.state);
    return line.text();
  }
  std::string operator()(const StreamEvent& event) const {
    ObjectLine line("stream");
    line.add("state", event.state);
    line.add("kind", event.kind);
    line.add("peer", event.peer);
    line.add("call", event.call);
    line.addGiven("pad", event.pad);
    return line.text();
  }
  std::string operator()(const StatsEvent& event) const {
    ObjectLine line("stats");
    for (const auto& [name, value] : event.fields) {
      std::visit(
          [&, &field = name](const auto& held) {
            if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::uint64_t>) {
              line.add(field.c_str(), static_cast<std::int64_t>(held));
            } else {
              line.add(field.c_str(), held);
            }
          },
          value);
    }
    return line.text();
  }
  std::string operator()(const FileEvent& event) const {
    ObjectLine line("file");
    line.add("state", event.state);
    line.addGiven("transfer", event.transfer);
    line.addGiven("peer", event.peer);
    line.addGiven("direction", event.direction);
    line.addGiven("name", event.name);
    line.addGiven("place", event.place);
    line.addGiven("reason", event.reason);
    line.addGiven("message", event.message);
    if (event.ofOneFile()) return line.text();
    line.add("files", static_cast<std::int64_t>(event.files));
    line.add("files-done", static_cast<std::int64_t>(event.files_done));
    line.add("files-failed", static_cast<std::int64_t>(event.files_failed));
    line.add("bytes", static_cast<std::int64_t>(event.bytes));
    line.add("total", event.total);
    line.add("rate", event.rate);
    line.add("left", event.left);
    line.add("lanes", static_cast<std::int64_t>(event.lanes));
    line.add("paused", event.paused);
    return line.text();
  }
  std::string operator()(const DeviceEvent& event) const {
    ObjectLine line("device");
    line.add("kind", event.kind);
    line.add("choice", event.choice);
    line.addGiven("device", event.device);
    line.addGiven("path", event.path);
    line.addGiven("message", event.message);
    return line.text();
  }
  std::string operator()(const FoundDevicesEvent& event) const {
    std::string lines;
    for (const auto& device : event.devices) lines += (lines.empty() ? "" : "\n") + foundDevice(device);
    return lines;
  }
  std::string operator()(const SnapshotEvent& event) const {
    ObjectLine line("snapshot");
    line.add("file", event.file);
    line.add("width", std::int64_t{event.width});
    line.add("height", std::int64_t{event.height});
    return line.text();
  }
  std::string operator()(const UsersEvent& event) const {
    ObjectLine line("users");
    json_builder_set_member_name(line.builder(), "users");
    json_builder_begin_array(line.builder());
    for (const auto& user : event.users) {
      json_builder_begin_object(line.builder());
      line.add("name", user.name);
      line.add("busy", user.busy);
      json_builder_end_object(line.builder());
    }
    json_builder_end_array(line.builder());
    return line.text();
  }
  std::string operator()(const QuestionEvent&) const { return ""; }
  std::string operator()(const NoticeEvent&) const { return ""; }
  std::string operator()(const ErrorEvent& event) const {
    ObjectLine line("error");
    line.add("message", event.message);
    return line.text();
  }
};

}  // namespace

std::string jsonLine(const Event& event) {
  return std::visit(Writer{}, event);
}

void JsonFace::show(const Event& event) {
  if (const auto* error = std::get_if<ErrorEvent>(&event)) {
    std::fprintf(stderr, "rtc-call: %s\n", printable(error->message).c_str());
  } else if (const auto* question = std::get_if<QuestionEvent>(&event)) {
    std::fprintf(stderr, "%s ", printable(question->text).c_str());
  } else if (const auto* notice = std::get_if<NoticeEvent>(&event)) {
    std::fprintf(stderr, "%s\n", printable(notice->message).c_str());
  }
  const auto line = jsonLine(event);
  if (line.empty()) return;
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

}  // namespace rtc::app
