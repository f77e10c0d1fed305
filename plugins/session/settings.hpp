// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a session can be told, once for all: the names, types, ranges and defaults that every element of a session shows
// as its properties.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "plugins/core/codec.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

enum class AcceptPolicy { Auto, Ask, None };

/// GLib's type for `AcceptPolicy`: `auto`, `ask`, `none`.
GType acceptPolicyType();

enum class Setting : guint {
  Server = 1,
  User,
  Token,
  Groups,
  Visible,
  Peer,
  Accept,
  MaxCalls,
  StunServer,
  TurnServers,
  IceTransportPolicy,
  IceTcp,
  IceInterfaces,
  MinRtpPort,
  MaxRtpPort,
  TlsCaFile,
  Latency,
  FecPercentage,
  VideoCodecs,
  RingTimeout,
  SetupTimeout,
  PeerTimeout,
  RecoveryTimeout,
  Last = RecoveryTimeout,
};

/// Values that were set by hand, over defaults. Copyable; not thread-safe.
class Settings {
 public:
  using Value = std::variant<std::string, guint, gint, bool>;

  /// Installs one property per setting, with the setting's number for an id.
  static void install(GObjectClass* klass);
  /// Whether the property id is a setting's.
  static bool has(guint property_id) { return property_id >= 1 && property_id <= static_cast<guint>(Setting::Last); }

  void set(Setting setting, const GValue* value);
  void get(Setting setting, GValue* value) const;
  /// Whether a session takes another value while it plays.
  static bool changesLive(Setting setting);

  std::string text(Setting setting) const;
  guint number(Setting setting) const;
  /// Nothing: what the session finds best.
  std::optional<Duration> wait(Setting setting) const;
  bool flag(Setting setting) const;
  AcceptPolicy accept() const { return static_cast<AcceptPolicy>(number(Setting::Accept)); }
  bool relayOnly() const;
  /// What a setting lists, separated by commas.
  std::vector<std::string> list(Setting setting) const;
  /// The signaling service: as set, or by the environment, or on this machine.
  std::string server() const;
  /// The codecs as set, or those that are installed. Fails on a word that is none, and on one that cannot be sent with
  /// what is installed.
  Result<core::CodecPreferences> codecs() const;

  /// The one value of `other`, whatever it was here.
  void take(Setting setting, const Settings& other) { set_[setting] = other.valueOf(setting); }
  /// Takes over what was set by hand in `other`. Fails on a setting that both set, to different values.
  Result<Done> merge(const Settings& other);

 private:
  Value valueOf(Setting setting) const;

  std::map<Setting, Value> set_;
};

}  // namespace rtc
