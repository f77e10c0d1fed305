// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The one way in which a hub knows of other hubs. `docs/scaling.md` tells how a message bus would stand behind it.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "signaling/protocol/message.hpp"
#include "signaling/server/session_id.hpp"

namespace rtc::signaling {

/// A hub among others; 0 is nobody.
using HubId = std::uint32_t;

/// A device of a user, and the hub that has its connection.
struct RemoteDevice {
  HubId hub = 0;
  SessionId session = 0;
  auto operator<=>(const RemoteDevice&) const = default;
};

/// What others know of a user at one hub.
struct UserRecord {
  struct Device {
    SessionId session = 0;
    bool counts = false;  ///< its messages are numbered, so it can be given tickets
    bool operator==(const Device&) const = default;
  };

  std::string user;
  PresenceState seen = PresenceState::Offline;  ///< as far as the user allows it
  bool busy = false;                            ///< in a call; for groups, and told to nobody else
  std::vector<Device> devices;                  ///< full clients that take calls
  std::vector<std::string> groups;              ///< of which they do

  bool gone() const { return seen == PresenceState::Offline && devices.empty(); }
  bool operator==(const UserRecord&) const = default;
};

/// A record, and where it is from.
struct UserElsewhere {
  HubId hub = 0;
  UserRecord record;
};

// What hubs send each other. The hub of a call's caller owns the call; the hub of another party is its courier.

/// Owner to courier: to be told to the device.
struct ToDevice {
  SessionId device = 0;
  ServerMessage message;
};
/// Owner to courier: the device has no part in the call any more.
struct CallOver {
  SessionId device = 0;
  std::string call;
};
/// Owner to courier: the call that the device claimed has been taken up.
struct CallTakenUp {
  SessionId device = 0;
  std::string call;
};
/// Courier to owner: what the device says in a call.
struct FromDevice {
  SessionId device = 0;
  ClientMessage message;
};
/// Courier to owner: what became of the device's connection.
struct DeviceChanged {
  enum class How { Lost, Back, Gone };
  SessionId device = 0;
  How how = How::Gone;
};
/// To all others, or back to one of them: a device waits for the other party of a call that no hub knows any more.
struct CallClaimed {
  SessionId device = 0;
  bool counts = false;
  std::string user;
  Reattach what;
};
using Parcel = std::variant<ToDevice, CallOver, CallTakenUp, FromDevice, DeviceChanged, CallClaimed>;

/// One hub's end. Bound to the hub's thread. Whoever makes it tells the hub when it stands otherwise with a user
/// elsewhere (`Hub::heardOf`), what comes in (`Hub::received`), and when another hub is gone (`Hub::lost`): never from
/// within one of these functions, none of which waits.
class Backplane {
 public:
  virtual ~Backplane() = default;
  virtual HubId self() const = 0;
  /// How it stands with a user here has changed.
  virtual void announce(const UserRecord& record) = 0;
  /// How it stands with the user at each other hub, as far as they have told.
  virtual std::vector<UserElsewhere> elsewhere(const std::string& user) const = 0;
  /// The users at other hubs who take calls of the group.
  virtual std::vector<std::string> membersElsewhere(const std::string& group) const = 0;
  /// In order between any two hubs; to one that is gone it goes nowhere. 0: to all others.
  virtual void send(HubId to, Parcel parcel) = 0;
};

}  // namespace rtc::signaling
