// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/json_fields.hpp"

#include <limits>

#include "signaling/protocol/java_script_text.hpp"

namespace rtc::signaling {

namespace {

std::string printed(JsonNode* node);

std::string joined(JsonArray* array) {
  std::string text;
  for (guint i = 0; i < json_array_get_length(array); ++i) {
    JsonNode* element = json_array_get_element(array, i);
    if (i > 0) text += ',';
    if (!JSON_NODE_HOLDS_NULL(element)) text += printed(element);
  }
  return text;
}

std::string printed(JsonNode* node) {
  if (JSON_NODE_HOLDS_NULL(node)) return "null";
  if (JSON_NODE_HOLDS_OBJECT(node)) return "[object Object]";
  if (JSON_NODE_HOLDS_ARRAY(node)) return joined(json_node_get_array(node));
  switch (json_node_get_value_type(node)) {
    case G_TYPE_STRING:
      return json_node_get_string(node);
    case G_TYPE_BOOLEAN:
      return json_node_get_boolean(node) ? "true" : "false";
    default:
      return javaScriptText(json_node_get_double(node));
  }
}

bool holds(JsonNode* node, GType type) {
  return node != nullptr && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == type;
}

}  // namespace

Result<JsonFields> JsonFields::parse(const std::string& text) {
  const auto parser = adopt(json_parser_new_immutable());
  Out<GError> error;
  if (!json_parser_load_from_data(parser.get(), text.data(), static_cast<gssize>(text.size()), &error)) {
    return Error{error->message};
  }
  JsonNode* root = json_parser_get_root(parser.get());
  if (root == nullptr) return Error{"empty"};
  return JsonFields(share(root));
}

JsonNode* JsonFields::member(const char* name) const {
  return isObject() ? json_object_get_member(json_node_get_object(node_.get()), name) : nullptr;
}

std::string JsonFields::text() const {
  return holds(node_.get(), G_TYPE_STRING) ? json_node_get_string(node_.get()) : "";
}

std::string JsonFields::string(const char* name) const {
  JsonNode* node = member(name);
  return holds(node, G_TYPE_STRING) ? json_node_get_string(node) : "";
}

std::optional<bool> JsonFields::boolean(const char* name) const {
  JsonNode* node = member(name);
  if (!holds(node, G_TYPE_BOOLEAN)) return std::nullopt;
  return json_node_get_boolean(node) != FALSE;
}

std::optional<int> JsonFields::integer(const char* name) const {
  JsonNode* node = member(name);
  if (!holds(node, G_TYPE_INT64)) return std::nullopt;
  const gint64 value = json_node_get_int(node);
  if (value < std::numeric_limits<int>::min() || value > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<int>(value);
}

std::optional<double> JsonFields::number(const char* name) const {
  if (!holdsNumber(name)) return std::nullopt;
  return json_node_get_double(member(name));
}

JsonFields JsonFields::object(const char* name) const {
  JsonNode* node = member(name);
  return JsonFields(node != nullptr ? share(node) : adopt(json_node_new(JSON_NODE_NULL)));
}

std::vector<JsonFields> JsonFields::array(const char* name) const {
  std::vector<JsonFields> elements;
  JsonNode* node = member(name);
  if (node == nullptr || !JSON_NODE_HOLDS_ARRAY(node)) return elements;
  JsonArray* array = json_node_get_array(node);
  for (guint i = 0; i < json_array_get_length(array); ++i) {
    elements.emplace_back(share(json_array_get_element(array, i)));
  }
  return elements;
}

std::vector<std::string> JsonFields::strings(const char* name) const {
  std::vector<std::string> texts;
  for (const auto& element : array(name)) {
    if (holds(element.node_.get(), G_TYPE_STRING)) texts.push_back(element.text());
  }
  return texts;
}

bool JsonFields::holdsNumber(const char* name) const {
  JsonNode* node = member(name);
  return holds(node, G_TYPE_INT64) || holds(node, G_TYPE_DOUBLE);
}

std::string JsonFields::javaScriptText(const char* name) const {
  JsonNode* node = member(name);
  return node != nullptr ? printed(node) : "undefined";
}

}  // namespace rtc::signaling
