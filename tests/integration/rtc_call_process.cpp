// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/integration/rtc_call_process.hpp"

#include <json-glib/json-glib.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "tests/support/check.hpp"

RTC_OWN_COUNTED(JsonNode, json_node_ref, json_node_unref);

namespace rtc::testing {

namespace {

std::vector<std::string> commandLine(std::vector<std::string> arguments) {
  const char* program = std::getenv("RTC_CALL");
  ck_assert_msg(program != nullptr, "RTC_CALL must name the program");
  arguments.insert(arguments.begin(), program);
  arguments.push_back("--json");
  return arguments;
}

CallEvent eventOf(const std::string& line) {
  CallEvent event;
  const auto root = adopt(json_from_string(line.c_str(), nullptr));
  ck_assert_msg(root && JSON_NODE_HOLDS_OBJECT(root.get()), "no JSON object: %s", line.c_str());
  json_object_foreach_member(
      json_node_get_object(root.get()),
      [](JsonObject*, const gchar* name, JsonNode* node, gpointer data) {
        auto& members = *static_cast<CallEvent*>(data);
        if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING) {
          members[name] = json_node_get_string(node);
        } else {
          members[name] = adopt(json_to_string(node, FALSE)).get();
        }
      },
      &event);
  return event;
}

bool hasAll(const CallEvent& event, const CallEvent& members) {
  return std::all_of(members.begin(), members.end(), [&](const auto& member) {
    const auto found = event.find(member.first);
    return found != event.end() && found->second == member.second;
  });
}

}  // namespace

RtcCallProcess::RtcCallProcess(std::vector<std::string> arguments, const ChildProcess::Environment& environment)
    : process_(commandLine(std::move(arguments)), environment) {}

CallEvent RtcCallProcess::expect(const CallEvent& members, Duration deadline) {
  const SteadyClock clock;
  const Instant end = clock.now() + deadline;
  while (clock.now() < end) {
    const auto line = process_.readLine(end - clock.now());
    if (!line) break;
    events_.push_back(eventOf(*line));
    if (hasAll(events_.back(), members)) return events_.back();
  }
  std::string wanted;
  for (const auto& [name, value] : members) wanted += name + "=" + value + " ";
  ck_abort_msg("no event with %s", wanted.c_str());
}

int RtcCallProcess::exitStatus(Duration deadline) {
  while (const auto line = process_.readLine(deadline)) events_.push_back(eventOf(*line));
  const auto status = process_.wait(deadline);
  ck_assert_msg(status.has_value(), "it does not end");
  return *status;
}

double number(const CallEvent& event, const std::string& member) {
  const auto found = event.find(member);
  ck_assert_msg(found != event.end(), "no %s", member.c_str());
  char* end = nullptr;
  const double value = std::strtod(found->second.c_str(), &end);
  ck_assert_msg(end != found->second.c_str(), "%s is %s", member.c_str(), found->second.c_str());
  return value;
}

}  // namespace rtc::testing
