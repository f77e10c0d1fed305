// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Ownership of what C libraries count or free. A reader sees every transfer by its verb: `adopt` takes over a reference
// that the callee gave away, `share` adds one, `sink` takes a floating one, `release` gives one away in the argument of
// a transfer-full call. A raw pointer borrows. A type without an `Ownership` does not compile.
#pragma once

#include <glib-object.h>

#include <memory>
#include <utility>

namespace rtc {

/// Specialised per type: `free` gives one reference back, `ref` (where the type is counted) adds one.
template <typename T>
struct Ownership;

template <typename T>
struct FreeOwned {
  void operator()(T* owned) const noexcept { Ownership<T>::free(owned); }
};

template <typename T>
using Ptr = std::unique_ptr<T, FreeOwned<T>>;

template <typename T>
[[nodiscard]] Ptr<T> adopt(T* given) {
  return Ptr<T>(given);
}

template <typename T>
[[nodiscard]] Ptr<T> share(T* borrowed) {
  if (borrowed != nullptr) Ownership<T>::ref(borrowed);
  return Ptr<T>(borrowed);
}

template <typename T>
[[nodiscard]] Ptr<T> share(const Ptr<T>& owned) {
  return share(owned.get());
}

template <typename T>
[[nodiscard]] Ptr<T> sink(T* floating) {
  if (floating != nullptr) g_object_ref_sink(floating);
  return Ptr<T>(floating);
}

template <typename T>
[[nodiscard]] T* release(Ptr<T> owned) {
  return owned.release();
}

/// For out-parameters: `Out<GError> error; f(&error);`.
template <typename T>
class Out {
 public:
  Out() = default;
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  ~Out() { static_cast<void>(take()); }
  T** operator&() { return &raw_; }
  T* get() const { return raw_; }
  T* operator->() const { return raw_; }
  explicit operator bool() const { return raw_ != nullptr; }
  [[nodiscard]] Ptr<T> take() { return Ptr<T>(std::exchange(raw_, nullptr)); }

 private:
  T* raw_ = nullptr;
};

template <>
struct Ownership<gchar> {
  static void free(gchar* text) { g_free(text); }
};

}  // namespace rtc

/// Maps a GObject type.
#define RTC_OWN_GOBJECT(Type)                                  \
  template <>                                                  \
  struct rtc::Ownership<Type> {                                \
    static void free(Type* object) { g_object_unref(object); } \
    static void ref(Type* object) { g_object_ref(object); }    \
  }

/// Maps a type with its own counting functions.
#define RTC_OWN_COUNTED(Type, Ref, Unref)               \
  template <>                                           \
  struct rtc::Ownership<Type> {                         \
    static void free(Type* counted) { Unref(counted); } \
    static void ref(Type* counted) { Ref(counted); }    \
  }

/// Maps a type with one owner.
#define RTC_OWN_UNIQUE(Type, Free)                 \
  template <>                                      \
  struct rtc::Ownership<Type> {                    \
    static void free(Type* owned) { Free(owned); } \
  }

RTC_OWN_GOBJECT(GObject);
RTC_OWN_COUNTED(GBytes, g_bytes_ref, g_bytes_unref);
RTC_OWN_COUNTED(GMainContext, g_main_context_ref, g_main_context_unref);
RTC_OWN_COUNTED(GMainLoop, g_main_loop_ref, g_main_loop_unref);
RTC_OWN_COUNTED(GSource, g_source_ref, g_source_unref);
RTC_OWN_UNIQUE(GError, g_error_free);
