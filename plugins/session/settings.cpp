// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/settings.hpp"

#include <array>
#include <string_view>

#include "plugins/core/words.hpp"
#include "plugins/session/encoders.hpp"
#include "plugins/session/requirements.hpp"
#include "plugins/session/rtp_elements.hpp"

namespace rtc {

namespace {

constexpr gint kUnset = -1;
constexpr const char* kDefaultServer = "ws://127.0.0.1:8888";

/// A wait is milliseconds, or -1 where none was set.
enum class Form { Text, Number, Wait, Flag, Accept, IcePolicy };

struct Row {
  Setting setting;
  const char* name;
  const char* blurb;
  Form form;
  guint fallback = 0;
  guint min = 0;
  guint max = 0;
};

constexpr std::array<Row, static_cast<std::size_t>(Setting::Last)> kRows = {{
    {Setting::Server, "server",
     "URI of the signaling service, ws:// or wss://. Unset: the environment's RTC_SERVER, or ws://127.0.0.1:8888",
     Form::Text},
    {Setting::User, "user", "Our login name at the signaling service", Form::Text},
    {Setting::Token, "token",
     "Proves the login name to the signaling service; never logged. Set another one when the signal token-expires tells",
     Form::Text},
    {Setting::Groups, "groups",
     "Groups of which calls are taken, separated by commas. Empty: none, or all those that the token names",
     Form::Text},
    {Setting::Visible, "visible", "Others may watch whether we are online, and busy", Form::Flag},
    {Setting::Peer, "peer", "User to call when the pipeline plays. Empty: wait to be called", Form::Text},
    {Setting::Accept, "accept",
     "What to do with an incoming call: take it (auto), emit incoming-call and wait for the accept or decline action "
     "(ask), or decline it (none)",
     Form::Accept},
    {Setting::MaxCalls, "max-calls", "Calls at one time: a further incoming one is declined as busy. 0: any number",
     Form::Number, 0, 0, G_MAXINT},
    {Setting::StunServer, "stun-server",
     "STUN server, stun://HOST:PORT. Unset: as the signaling service says at login; none if it says none", Form::Text},
    {Setting::TurnServers, "turn-servers",
     "TURN servers, separated by commas: turn://USER:PASSWORD@HOST:PORT?transport=udp|tcp, or turns:// for TLS, with "
     "user and password percent-encoded. Unset: as the signaling service says at login",
     Form::Text},
    {Setting::IceTransportPolicy, "ice-transport-policy",
     "Candidates to use: all of them, or only those of a TURN server (relay)", Form::IcePolicy},
    {Setting::IceTcp, "ice-tcp", "Gather ICE-TCP candidates (RFC 6544) beside those for UDP", Form::Flag},
    {Setting::IceInterfaces, "ice-interfaces",
     "Interfaces or addresses of this host to use, separated by commas. Unset: all", Form::Text},
    {Setting::MinRtpPort, "min-rtp-port", "Least port of this host's candidates. 0: any", Form::Number, 0, 0,
     G_MAXUINT16},
    {Setting::MaxRtpPort, "max-rtp-port", "Greatest port of this host's candidates. 0: any", Form::Number, 0, 0,
     G_MAXUINT16},
    {Setting::TlsCaFile, "tls-ca-file",
     "PEM file of the authorities that vouch for a wss:// service and for turns: servers. Unset: the system's. "
     "Certificates are always verified",
     Form::Text},
    {Setting::Latency, "latency",
     "How long after they came received streams are played, in milliseconds. -1: as long as the path makes necessary",
     Form::Wait, 0, 0, 10'000},
    {Setting::FecPercentage, "fec-percentage",
     "Redundancy (ULPFEC in RED) sent with pictures in VP8 and VP9, in packets per hundred of the picture's, for a peer "
     "that has it too; what it sends is taken. 0: none is sent or taken",
     Form::Number, 0, 0, 100},
    {Setting::VideoCodecs, "video-codecs",
     "Codecs for pictures, the dearest first, separated by commas: vp8, h264, vp9, av1. Unset: those, as far as they are "
     "installed",
     Form::Text},
    {Setting::RingTimeout, "ring-timeout",
     "Time for the callee to answer, in milliseconds; then the call ends: timeout", Form::Number, 60'000, 1'000,
     600'000},
    {Setting::SetupTimeout, "setup-timeout",
     "Time from the answer to the first path between the peers, in milliseconds; then the call ends: ice_failed",
     Form::Number, 15'000, 1'000, 600'000},
    {Setting::PeerTimeout, "peer-timeout",
     "Silence of a connected peer after which its connection counts as lost, in milliseconds. A peer without our "
     "heartbeat (a browser) is given three times as long",
     Form::Number, 8'000, 1'000, 600'000},
    {Setting::RecoveryTimeout, "recovery-timeout",
     "How long a call whose connection is lost tries to make a new one, in milliseconds; then it ends: media_failed. 0: "
     "it ends with its connection",
     Form::Number, 30'000, 0, 600'000},
}};

const Row& rowOf(Setting setting) {
  return kRows[static_cast<std::size_t>(setting) - 1];
}

GParamSpec* specOf(const Row& row) {
  const auto when = Settings::changesLive(row.setting) ? GST_PARAM_MUTABLE_PLAYING : GST_PARAM_MUTABLE_READY;
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | when);
  switch (row.form) {
    case Form::Text:
      return g_param_spec_string(row.name, row.name, row.blurb, nullptr, flags);
    case Form::Number:
      return g_param_spec_uint(row.name, row.name, row.blurb, row.min, row.max, row.fallback, flags);
    case Form::Wait:
      return g_param_spec_int(row.name, row.name, row.blurb, kUnset, static_cast<gint>(row.max), kUnset, flags);
    case Form::Flag:
      return g_param_spec_boolean(row.name, row.name, row.blurb, row.fallback != 0, flags);
    case Form::Accept:
      return g_param_spec_enum(row.name, row.name, row.blurb, acceptPolicyType(), static_cast<gint>(row.fallback),
                               flags);
    case Form::IcePolicy:
      return g_param_spec_enum(row.name, row.name, row.blurb, GST_TYPE_WEBRTC_ICE_TRANSPORT_POLICY,
                               static_cast<gint>(row.fallback), flags);
  }
  return nullptr;
}

std::string textOf(const GValue* value) {
  const auto* text = g_value_get_string(value);
  return text == nullptr ? std::string() : text;
}

}  // namespace

GType acceptPolicyType() {
  static const GType type = [] {
    static const GEnumValue values[] = {{static_cast<gint>(AcceptPolicy::Auto), "Take the call", "auto"},
                                        {static_cast<gint>(AcceptPolicy::Ask), "Ask the application", "ask"},
                                        {static_cast<gint>(AcceptPolicy::None), "Decline the call", "none"},
                                        {0, nullptr, nullptr}};
    return g_enum_register_static("GstRtcAccept", values);
  }();
  return type;
}

void Settings::install(GObjectClass* klass) {
  for (const auto& row : kRows) g_object_class_install_property(klass, static_cast<guint>(row.setting), specOf(row));
}

bool Settings::changesLive(Setting setting) {
  return setting == Setting::Token || setting == Setting::Visible;
}

void Settings::set(Setting setting, const GValue* value) {
  switch (rowOf(setting).form) {
    case Form::Text:
      set_[setting] = textOf(value);
      break;
    case Form::Number:
      set_[setting] = g_value_get_uint(value);
      break;
    case Form::Wait:
      set_[setting] = g_value_get_int(value);
      break;
    case Form::Flag:
      set_[setting] = g_value_get_boolean(value) != FALSE;
      break;
    case Form::Accept:
    case Form::IcePolicy:
      set_[setting] = static_cast<guint>(g_value_get_enum(value));
      break;
  }
}

void Settings::get(Setting setting, GValue* value) const {
  switch (rowOf(setting).form) {
    case Form::Text:
      g_value_set_string(value, text(setting).c_str());
      break;
    case Form::Number:
      g_value_set_uint(value, number(setting));
      break;
    case Form::Wait:
      g_value_set_int(value, std::get<gint>(valueOf(setting)));
      break;
    case Form::Flag:
      g_value_set_boolean(value, flag(setting));
      break;
    case Form::Accept:
    case Form::IcePolicy:
      g_value_set_enum(value, static_cast<gint>(number(setting)));
      break;
  }
}

Settings::Value Settings::valueOf(Setting setting) const {
  if (const auto found = set_.find(setting); found != set_.end()) return found->second;
  const auto& row = rowOf(setting);
  if (row.form == Form::Text) return std::string();
  if (row.form == Form::Flag) return row.fallback != 0;
  if (row.form == Form::Wait) return kUnset;
  return row.fallback;
}

std::string Settings::text(Setting setting) const {
  return std::get<std::string>(valueOf(setting));
}

guint Settings::number(Setting setting) const {
  return std::get<guint>(valueOf(setting));
}

std::optional<Duration> Settings::wait(Setting setting) const {
  const auto milliseconds = std::get<gint>(valueOf(setting));
  return milliseconds == kUnset ? std::nullopt : std::optional(Duration(milliseconds));
}

bool Settings::flag(Setting setting) const {
  return std::get<bool>(valueOf(setting));
}

bool Settings::relayOnly() const {
  return number(Setting::IceTransportPolicy) == GST_WEBRTC_ICE_TRANSPORT_POLICY_RELAY;
}

std::vector<std::string> Settings::list(Setting setting) const {
  std::vector<std::string> entries;
  const auto all = text(setting);
  for (const auto part : core::split(all, ',')) {
    if (const auto entry = core::trimmed(part); !entry.empty()) entries.emplace_back(entry);
  }
  return entries;
}

std::string Settings::server() const {
  if (const auto set = text(Setting::Server); !set.empty()) return set;
  const auto* environment = g_getenv("RTC_SERVER");
  return environment != nullptr && *environment != '\0' ? environment : kDefaultServer;
}

Result<core::CodecPreferences> Settings::codecs() const {
  core::CodecPreferences codecs;
  codecs.redundancy = number(Setting::FecPercentage) > 0;
  const auto named = text(Setting::VideoCodecs);
  if (named.empty()) {
    std::erase_if(codecs.video, [](core::Codec codec) { return !isComplete(codec); });
    // A session without any codec for pictures still has sound, and says what it lacks when a picture comes.
    if (codecs.video.empty()) codecs.video = {core::Codec::Vp8};
    return codecs;
  }
  auto list = core::codecList(core::Kind::Video, named);
  if (!list) return Error{"video-codecs: " + list.error().message};
  codecs.video = std::move(list).value();
  for (const auto codec : codecs.video) {
    const auto& rtp = rtpElements(codec);
    if (const auto missing = missingElements({rtp.payloader, rtp.depayloader}); !missing.empty()) {
      return Error{"video-codecs: " + sentence(missing)};
    }
  }
  return codecs;
}

Result<Done> Settings::merge(const Settings& other) {
  for (const auto& [setting, value] : other.set_) {
    const auto [mine, taken] = set_.emplace(setting, value);
    if (!taken && mine->second != value) {
      return Error{std::string("two elements of one session set \"") + rowOf(setting).name +
                   "\" to different values. Set it on one of them, or give the elements different sessions."};
    }
  }
  return Done{};
}

}  // namespace rtc
