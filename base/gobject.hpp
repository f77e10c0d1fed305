// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A GObject whose C++ state lives in the type's private block: constructed when the instance is made, destroyed when it
// is finalized, and never by hand.
#pragma once

#include <glib-object.h>

#include <new>

namespace rtc {

/// GObject aligns an instance's private block to this.
inline constexpr std::size_t kPrivateAlignment = 2 * sizeof(gsize);

}  // namespace rtc

/// Defines the type `TypeName`, whose C++ class `Impl` is constructed with the instance, and whose `Impl::classInit`
/// wires the class. `prefix##_impl(instance)` gives the state.
#define RTC_DEFINE_TYPE(TypeName, prefix, PARENT, Impl) RTC_DEFINE_TYPE_WITH_CODE(TypeName, prefix, PARENT, Impl, {})

#define RTC_DEFINE_TYPE_WITH_CODE(TypeName, prefix, PARENT, Impl, CODE)                          \
  using TypeName##Private = Impl;                                                                \
  G_DEFINE_TYPE_WITH_CODE(TypeName, prefix, PARENT, G_ADD_PRIVATE(TypeName) CODE)                \
  static_assert(alignof(Impl) <= rtc::kPrivateAlignment);                                        \
  static Impl& prefix##_impl(gpointer instance) {                                                \
    return *static_cast<Impl*>(prefix##_get_instance_private(static_cast<TypeName*>(instance))); \
  }                                                                                              \
  static void prefix##_init(TypeName* self) {                                                    \
    new (prefix##_get_instance_private(self)) Impl(self);                                        \
  }                                                                                              \
  static void prefix##_finalize(GObject* object) noexcept {                                      \
    prefix##_impl(object).~Impl();                                                               \
    G_OBJECT_CLASS(prefix##_parent_class)->finalize(object);                                     \
  }                                                                                              \
  static void prefix##_class_init(TypeName##Class* klass) {                                      \
    G_OBJECT_CLASS(klass)->finalize = prefix##_finalize;                                         \
    Impl::classInit(klass);                                                                      \
  }                                                                                              \
  static_assert(true)
