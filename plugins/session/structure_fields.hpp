// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Fields of a GstStructure by their C++ type.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

inline void set(GstStructure* to, const std::string& name, std::uint64_t value) {
  gst_structure_set(to, name.c_str(), G_TYPE_UINT64, static_cast<guint64>(value), nullptr);
}

inline void set(GstStructure* to, const std::string& name, unsigned value) {
  gst_structure_set(to, name.c_str(), G_TYPE_UINT, value, nullptr);
}

inline void set(GstStructure* to, const std::string& name, int value) {
  gst_structure_set(to, name.c_str(), G_TYPE_INT, value, nullptr);
}

inline void set(GstStructure* to, const std::string& name, bool value) {
  gst_structure_set(to, name.c_str(), G_TYPE_BOOLEAN, value ? TRUE : FALSE, nullptr);
}

/// To four places: more are noise.
inline void set(GstStructure* to, const std::string& name, double value) {
  gst_structure_set(to, name.c_str(), G_TYPE_DOUBLE, std::round(value * 10'000) / 10'000, nullptr);
}

inline void set(GstStructure* to, const std::string& name, const std::string& value) {
  gst_structure_set(to, name.c_str(), G_TYPE_STRING, value.c_str(), nullptr);
}

inline void set(GstStructure* to, const std::string& name, const char* value) {
  set(to, name, std::string(value));
}

}  // namespace rtc
