// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The properties by which an element says what its data channel shall be: the same for all elements that have one.
#pragma once

#include "base/guarded.hpp"
#include "plugins/core/channel_options.hpp"
#include "plugins/session/element_session.hpp"

namespace rtc {

/// What an element wants of its channel.
struct ChannelWish {
  core::ChannelOptions options;
  bool open = false;  ///< by ourselves, in every call; else the peer's, or another element's, is used
};

/// Thread-safe.
class ChannelProperties {
 public:
  static constexpr guint kFirst = ElementSession::kFirstOwnProperty;
  static constexpr guint kCount = 9;
  /// The first property id that is free for an element's own.
  static constexpr guint kFirstOwnProperty = kFirst + kCount;

  explicit ChannelProperties(bool opens);

  /// `opens`: the default of `open`.
  static void install(GObjectClass* klass, bool opens);
  /// False if the id is not one of these.
  bool set(guint id, const GValue* value);
  bool get(guint id, GValue* value) const;
  ChannelWish wish() const { return wish_.copy(); }

 private:
  Guarded<ChannelWish> wish_;
};

}  // namespace rtc
