// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/element/test_pipeline.hpp"

#include <algorithm>

#include "tests/support/check.hpp"

namespace rtc::testing {

namespace {

bool is(GstMessage* message, const char* name, const std::map<std::string, std::string>& fields) {
  const auto* structure = gst_message_get_structure(message);
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ELEMENT || !gst_structure_has_name(structure, name)) return false;
  return std::all_of(fields.begin(), fields.end(), [structure](const auto& field) {
    return g_strcmp0(gst_structure_get_string(structure, field.first.c_str()), field.second.c_str()) == 0;
  });
}

std::string fieldOf(GstMessage* message, const char* field) {
  const auto* text = gst_structure_get_string(gst_message_get_structure(message), field);
  return text == nullptr ? std::string() : text;
}

}  // namespace

TestPipeline::TestPipeline(const std::string& launch) {
  if (gst_is_initialized() == FALSE) gst_init(nullptr, nullptr);
  GError* error = nullptr;
  pipeline_ = gst_parse_launch(launch.c_str(), &error);
  ck_assert_msg(error == nullptr, "%s: %s", launch.c_str(), error != nullptr ? error->message : "");
  if (GST_IS_PIPELINE(pipeline_)) return;
  // A single element comes without one.
  auto* element = pipeline_;
  pipeline_ = gst_pipeline_new(nullptr);
  gst_bin_add(GST_BIN(pipeline_), element);
}

TestPipeline::~TestPipeline() {
  stop();
  gst_object_unref(pipeline_);
}

void TestPipeline::play() {
  gst_element_set_state(pipeline_, GST_STATE_PLAYING);
}

void TestPipeline::stop() {
  drain();  // going to NULL empties the bus
  gst_element_set_state(pipeline_, GST_STATE_NULL);
}

GstElement* TestPipeline::named(const char* name) const {
  auto* element = gst_bin_get_by_name(GST_BIN(pipeline_), name);
  ck_assert_msg(element != nullptr, "no element %s", name);
  gst_object_unref(element);
  return element;
}

void TestPipeline::forget() {
  drain();
  messages_.clear();
}

void TestPipeline::drain() {
  auto* bus = gst_element_get_bus(pipeline_);
  while (auto* message = gst_bus_pop(bus)) messages_.emplace_back(message);
  gst_object_unref(bus);
}

bool TestPipeline::posts(const std::function<bool(GstMessage*)>& wanted, Duration deadline) {
  return waitFor(
      [&] {
        drain();
        return std::any_of(messages_.begin(), messages_.end(), [&](const auto& each) { return wanted(each.get()); });
      },
      deadline);
}

bool TestPipeline::posts(const char* name, const std::map<std::string, std::string>& fields, Duration deadline) {
  return posts([&](GstMessage* message) { return is(message, name, fields); }, deadline);
}

std::string TestPipeline::error(Duration deadline) {
  std::string sentence;
  posts(
      [&](GstMessage* message) {
        if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR) return false;
        GError* error = nullptr;
        gst_message_parse_error(message, &error, nullptr);
        sentence = error->message;
        g_error_free(error);
        return true;
      },
      deadline);
  return sentence;
}

std::string TestPipeline::endReason(Duration deadline) {
  std::string reason;
  posts(
      [&](GstMessage* message) {
        if (!is(message, "rtc-call", {{"state", "ended"}})) return false;
        reason = fieldOf(message, "reason");
        return true;
      },
      deadline);
  return reason;
}

std::string TestPipeline::callId() const {
  const auto newest = std::find_if(messages_.rbegin(), messages_.rend(),
                                   [](const auto& each) { return is(each.get(), "rtc-call", {}); });
  return newest == messages_.rend() ? std::string() : fieldOf(newest->get(), "call");
}

std::optional<double> TestPipeline::statistic(const char* field) const {
  const auto newest = std::find_if(messages_.rbegin(), messages_.rend(),
                                   [](const auto& each) { return is(each.get(), "rtc-stats", {}); });
  if (newest == messages_.rend()) return std::nullopt;
  const auto* value = gst_structure_get_value(gst_message_get_structure(newest->get()), field);
  ck_assert_msg(value != nullptr, "rtc-stats has no field %s", field);
  GValue number = G_VALUE_INIT;
  g_value_init(&number, G_TYPE_DOUBLE);
  g_value_transform(value, &number);
  return g_value_get_double(&number);
}

bool TestPipeline::reaches(const char* field, double least, Duration deadline) {
  return waitFor(
      [&] {
        drain();
        return statistic(field).value_or(-1) >= least;
      },
      deadline);
}

std::size_t TestPipeline::count(const char* name, const std::map<std::string, std::string>& fields) const {
  return static_cast<std::size_t>(std::count_if(messages_.begin(), messages_.end(),
                                                [&](const auto& each) { return is(each.get(), name, fields); }));
}

}  // namespace rtc::testing
