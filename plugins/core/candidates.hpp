// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What is known of the candidates of a connection (RFC 8839 section 5.1), to tell what kind of path it took.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace rtc::core {

struct CandidateKind {
  std::string type;      ///< `host`, `srflx`, `prflx` or `relay`
  std::string protocol;  ///< `udp` or `tcp`
  bool operator==(const CandidateKind&) const = default;
};

/// The candidates of one side. Those of one foundation are of one kind (RFC 8445 section 5.1.1.3).
class Candidates {
 public:
  /// A line as signaling carries it, with or without `a=`. What is none is left out.
  void add(std::string_view line);
  /// One that nobody told is peer-reflexive: it was found by its packets.
  CandidateKind kindOf(const std::string& foundation) const;

 private:
  std::map<std::string, CandidateKind> kinds_;
};

}  // namespace rtc::core
