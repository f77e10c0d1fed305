// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/terminal_face.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "app/file_progress.hpp"

namespace rtc::app {

namespace {

constexpr double kSilence = -90;  // dB

template <typename... Args>
std::string formatted(const char* format, Args... args) {
  char text[160];
  std::snprintf(text, sizeof text, format, args...);
  return text;
}

std::string rate(double bits) {
  if (bits >= 1e6) return formatted("%.1f Mbit/s", bits / 1e6);
  return formatted("%.0f kbit/s", bits / 1e3);
}

/// One direction of the picture, e.g. `640x480 30 fps 1.1 Mbit/s`.
std::string picture(const StatsEvent& stats, const std::string& direction) {
  const double width = stats.number(direction + "-width").value_or(0);
  if (width <= 0) return "no picture";
  return formatted("%.0fx%.0f %.0f fps %s", width, stats.number(direction + "-height").value_or(0),
                   stats.number(direction + "-fps").value_or(0),
                   rate(stats.number(direction + "-bitrate").value_or(0)).c_str());
}

/// Who calls, and whom: `Alice A. (alice) is calling @support`.
std::string callerInWords(const CallEvent& call) {
  const auto name = call.display.empty() ? call.peer : call.display + " (" + call.peer + ")";
  return printable(name + " is calling" + (call.group.empty() ? "" : " @" + call.group));
}

std::string ageInWords(unsigned seconds) {
  if (seconds < 60) return formatted("%u s", seconds);
  if (seconds < 3600) return formatted("%u min", seconds / 60);
  return formatted("%u h", seconds / 3600);
}

/// Why a call ended, in words.
std::string_view reasonInWords(std::string_view reason) {
  static constexpr std::pair<std::string_view, std::string_view> kWords[] = {
      {"hangup", "hung up"},
      {"declined", "declined"},
      {"busy", "busy"},
      {"timeout", "no answer"},
      {"cancelled", "cancelled"},
      {"unavailable", "not there (not logged in at this service)"},
      {"answered_elsewhere", "answered on another device"},
      {"glare_lost", "both called at once; the other call goes on"},
      {"ice_failed", "no network path between the two was found in time"},
      {"media_failed", "picture or sound could not be set up"},
      {"peer_lost", "the connection to the other side was lost"},
      {"fingerprint_mismatch", "the other side's certificate is not the announced one: somebody may be in between"},
      {"replaced", "another call took its place"},
      {"server_shutdown", "the service stopped"},
  };
  for (const auto& [word, words] : kWords) {
    if (word == reason) return words;
  }
  return reason;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    // C1 controls, among them an 8-bit ESC [, are the two bytes C2 80 to C2 9F in UTF-8.
    const bool c1 = c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c1) ++i;
    shown += (c < 0x20 || c == 0x7f || c1) ? '?' : text[i];
  }
  return shown;
}

std::string statsLine(const StatsEvent& stats) {
  const auto seconds = static_cast<int>(stats.number("seconds").value_or(0));
  std::string line = formatted("%02d:%02d ", seconds / 60, seconds % 60) + printable(stats.text("peer"));
  line += "  in " + picture(stats, "video-in") + "  out " + picture(stats, "video-out");
  const double level = stats.number("audio-in-level").value_or(-INFINITY);
  // Digital silence is measured as some very small number.
  if (!std::isfinite(level)) {
    line += "  no sound";
  } else {
    line += level < kSilence ? std::string("  silence") : formatted("  sound %.0f dB", level);
  }
  const double round_trip = stats.number("round-trip").value_or(-1);
  if (round_trip >= 0) line += formatted("  round trip %.1f ms", round_trip);
  return line;
}

void TerminalFace::show(const Event& event) {
  struct Show {
    TerminalFace& face;

    void operator()(const SessionEvent& e) const {
      if (e.state == "online") face.say("logged in as " + printable(e.user) + " at " + printable(e.server));
      if (e.state == "offline") face.say("the service is out of reach, trying again: " + printable(e.message));
      // `failed` comes with an error, `connecting` passes in no time.
    }
    void operator()(const CallEvent& e) const {
      const auto peer = printable(e.peer);
      const bool incoming = e.direction == "incoming";
      if (e.state == "calling") face.say(incoming ? callerInWords(e) : "calling " + peer);
      if (e.state == "ringing") face.say(incoming ? callerInWords(e) : "it rings at " + peer);
      if (e.state == "accepted") face.say("accepted; connecting to " + peer);
      if (e.state == "connected") face.say(face.lost_.erase(e.call) > 0 ? "back with " + peer : "connected to " + peer);
      if (e.state == "reconnecting") {
        face.lost_.insert(e.call);
        face.say("connection to " + peer + " lost, trying again…");
      }
      if (e.state == "ended") {
        face.lost_.erase(e.call);
        face.say("the call with " + peer + " has ended: " + printable(reasonInWords(e.reason)));
      }
    }
    void operator()(const StreamEvent& e) const {
      const std::string what = printable(e.peer) + (e.kind == "video" ? ": picture " : ": sound ");
      face.say(what + (e.state == "live" ? "on" : e.state == "muted" ? "muted" : "ended"));
    }
    void operator()(const MissedCallEvent& e) const {
      face.say("missed a call from " + printable(e.peer) + ", " + ageInWords(e.ago) + " ago");
    }
    void operator()(const PresenceEvent& e) const {
      face.say(printable(e.user) + " is " + (e.state == "busy" ? "in a call" : e.state));
    }
    void operator()(const StatsEvent& e) const { face.rewrite(statsLine(e)); }
    void operator()(const FileEvent& e) const {
      const auto line = printable(fileLine(e));
      if (line.empty()) return;
      if (e.state == "running") {
        face.rewrite(line);
      } else {
        face.say(line);
      }
    }
    void operator()(const DeviceEvent& e) const { face.say(e.kind + ": " + printable(e.message)); }
    void operator()(const FoundDevicesEvent& e) const {
      for (const auto& device : e.devices) face.list(device);
      if (e.devices.empty()) face.say("no camera, microphone or speaker is found");
    }
    void operator()(const SnapshotEvent& e) const {
      face.say("picture: " + printable(e.file) + formatted(" (%dx%d)", e.width, e.height));
    }
    void operator()(const UsersEvent& e) const {
      if (e.users.empty()) face.say("nobody else is logged in");
      for (const auto& user : e.users) face.say(printable(user.name) + (user.busy ? "  (in a call)" : ""));
    }
    void operator()(const QuestionEvent& e) const {
      face.endLiveLine();
      std::printf("%s ", printable(e.text).c_str());
      std::fflush(stdout);
    }
    void operator()(const NoticeEvent& e) const { face.say(printable(e.message)); }
    void operator()(const ErrorEvent& e) const {
      face.endLiveLine();
      std::fflush(stdout);
      std::fprintf(stderr, "rtc-call: %s\n", printable(e.message).c_str());
    }
  };
  std::visit(Show{*this}, event);
}

void TerminalFace::list(const Device& device) {
  const auto note = device.is_default ? ", the default" : "";
  say(formatted("%-11s ", nameOf(device.kind)) + printable(titleOf(device)) + note);
  for (const auto& line : modesInWords(device)) say("              " + printable(line));
  if (!device.usable()) say("              " + printable(device.obstacle));
}

void TerminalFace::say(const std::string& line) {
  endLiveLine();
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

void TerminalFace::rewrite(const std::string& line) {
  if (!is_terminal_) {
    say(line);
    return;
  }
  // To the start, over it, and clear what is left of the last one.
  std::printf("\r%s\033[K", line.c_str());
  std::fflush(stdout);
  live_ = true;
}

void TerminalFace::endLiveLine() {
  if (!live_) return;
  std::printf("\n");
  live_ = false;
}

}  // namespace rtc::app
