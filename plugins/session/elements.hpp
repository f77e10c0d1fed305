// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Making and joining elements inside a bin.
#pragma once

#include <initializer_list>
#include <string>

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// A new element in `bin`, which owns it. Null if the factory is missing: `requirements.hpp` asked before.
inline GstElement* addElement(GstBin* bin, const char* factory) {
  auto* element = gst_element_factory_make(factory, nullptr);
  if (element != nullptr) gst_bin_add(bin, element);
  return element;
}

/// Sets the property where the element has it: what an element can be told differs between versions.
inline void setIfThere(GstElement* element, const char* property, const char* value) {
  auto* object = G_OBJECT(element);
  if (g_object_class_find_property(G_OBJECT_GET_CLASS(object), property) == nullptr) return;
  gst_util_set_object_arg(object, property, value);
}

/// Links the elements in a row; false where one is null or two do not fit.
inline bool linkInRow(std::initializer_list<GstElement*> row) {
  GstElement* last = nullptr;
  for (auto* element : row) {
    if (element == nullptr || (last != nullptr && !gst_element_link(last, element))) return false;
    last = element;
  }
  return true;
}

inline void syncWithParent(std::initializer_list<GstElement*> row) {
  // From the end, so that nothing is pushed into an element that is not ready for it.
  for (auto at = std::rbegin(row); at != std::rend(row); ++at) gst_element_sync_state_with_parent(*at);
}

inline Ptr<GstPad> staticPad(GstElement* element, const char* name) {
  return adopt(gst_element_get_static_pad(element, name));
}

}  // namespace rtc
