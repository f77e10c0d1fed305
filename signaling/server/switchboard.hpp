// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The users, their calls, and what passes between them, in whichever dialect each of them speaks. The dialects say what
// a message asks for; the switchboard does it.
#pragma once

#include <string>
#include <vector>

#include "base/clock.hpp"
#include "signaling/server/backplane.hpp"
#include "signaling/server/call_table.hpp"
#include "signaling/server/couriers.hpp"
#include "signaling/server/mailroom.hpp"
#include "signaling/server/missed_calls.hpp"
#include "signaling/server/presence.hpp"
#include "signaling/server/randomness.hpp"
#include "signaling/server/reattachments.hpp"
#include "signaling/server/registry.hpp"

namespace rtc::signaling {

/// What the parties of a call send each other.
struct Payload {
  enum class Kind { Offer, Answer, Candidate };
  Kind kind;
  Json json;
};

class Switchboard {
 public:
  /// Without a backplane there are no other hubs.
  Switchboard(const Clock& clock, Randomness& randomness, CallTimers timers, Backplane* backplane)
      : clock_(clock),
        randomness_(randomness),
        timers_(timers),
        backplane_(backplane),
        calls_(backplane != nullptr),
        mail_(users_, clock, counters_, backplane),
        presence_(backplane != nullptr) {}

  Registry& users() { return users_; }
  const Registry& users() const { return users_; }
  CallTable& calls() { return calls_; }
  const CallTable& calls() const { return calls_; }
  Mailroom& mail() { return mail_; }
  Presence& presence() { return presence_; }
  MissedCalls& missed() { return missed_; }
  const Couriers& couriers() const { return couriers_; }
  Randomness& randomness() { return randomness_; }
  HubCounters& counters() { return counters_; }
  const HubCounters& counters() const { return counters_; }
  const CallTimers& timers() const { return timers_; }
  Instant now() const { return clock_.now(); }

  /// Makes a call and tells all devices of the callee, who can be reached; a book client is let answer by itself.
  CallRecord& open(std::string id, Session& caller, const std::string& callee, const Media& media);
  /// Makes a call and tells the first free member of the group; it ends at once if there is none.
  void openToGroup(std::string id, Session& caller, const std::string& group, const Media& media);
  /// The calls that ring at the device's user ring on it as well.
  void joinRings(Session& device);

  /// False: the event does not fit, nothing happened. The record is gone if this ended the call.
  bool apply(CallRecord& call, SessionId by, const CallEvent& event);
  /// The service ends the call.
  void end(CallRecord& call, Reason reason) { settle(call, call.machine.end(reason)); }
  void relay(CallRecord& call, Party from, const Payload& payload);
  /// The callee needs a new peer connection, with this number.
  void askCaller(const CallRecord& call, int connection);

  /// One party's claim to a call of an earlier life of the service. The call goes on when both have claimed it.
  void reattach(Session& session, const Reattach& claim);
  bool claimed(const std::string& call) const { return claims_.claimed(call); }
  std::size_t claimsOf(const Session& session) const { return claims_.of(session.id); }
  /// The session leaves a call that waits for its other party; false if there is none.
  bool leaveClaim(const Session& session, const std::string& call, Reason reason);

  // Other hubs.
  /// What a device says in a call of another hub goes there. False: it is in no such call.
  bool carry(const Session& sender, const std::string& call, const ClientMessage& message);
  Session* guest(HubId hub, SessionId device) { return users_.byDevice({hub, device}); }
  /// A device at another hub speaks in a call that we do not know any more.
  void disown(HubId hub, const FromDevice& said, const std::string& call);
  void take(HubId from, const ToDevice& parcel);
  void take(HubId from, const CallOver& parcel);
  void take(HubId from, const CallTakenUp& parcel);
  void take(HubId from, const DeviceChanged& parcel);
  void take(HubId from, const CallClaimed& parcel);
  /// It stands otherwise with a user elsewhere.
  void heardOf(const std::string& user);
  void lostHub(HubId hub);

  /// The user has a device that takes calls, here or elsewhere.
  bool reachable(const std::string& user);
  bool busy(const Session& session);
  bool userBusy(const std::string& user);
  /// Here and elsewhere, as far as the user allows to be seen.
  PresenceState presenceOf(const std::string& user);

  /// In every call of the session.
  void applyToAll(SessionId session, const CallEvent& event);
  /// A full client's connection is lost: its calls that are set up wait for it.
  void detach(Session& session);
  /// And it is back.
  void comeBack(Session& session);
  /// The client is gone for good, and with it its calls.
  void drop(Session& session);
  void tick();
  std::optional<Instant> nextDeadline() const;

  std::vector<Outgoing> takeOutgoing();

 private:
  bool applyByDevice(CallRecord& call, SessionId device, const CallEvent& event);
  bool step(CallRecord& call, Party by, const CallEvent& event);
  void settle(CallRecord& call, const CallStep& step);
  void noteEnd(const CallRecord& call, Reason reason);

  void ringAt(CallRecord& call, const std::string& user);
  void ringOn(CallRecord& call, Session& device);
  /// Rings at the group's next free member, or ends the call.
  void ringNext(CallRecord& call);
  std::string nextMember(CallRecord& call);
  /// The device takes the call; the others are told.
  bool pickUp(CallRecord& call, SessionId device);
  /// The callee's person does not want the call, on whichever device.
  bool refuse(CallRecord& call, SessionId device, const CallEvent& event, Reason reason);
  /// The device is out; the call rings on while there is another.
  bool leaveRing(CallRecord& call, SessionId device, const CallEvent& event, bool busy);
  void tellDevices(CallRecord& call, SessionId but, Reason reason, const std::string& by);

  void tell(const CallRecord& call, const CallNotice& notice);
  void tell(const CallRecord& call, const CallNotice& notice, const Session& to);
  void giveTickets(const CallRecord& call);
  /// After an acceptance: what a book client cannot say itself.
  void speakForBookClients(CallRecord& call);
  void remove(Session& session);
  bool userBusyHere(const std::string& user);
  PresenceState presenceHere(const std::string& user);
  UserRecord recordOf(const std::string& user);
  void announce(const std::string& user);
  void tellPresence();

  void ringElsewhere(CallRecord& call, const std::string& user);
  /// Both called at once, over two hubs. True: the call that comes in rings all the same.
  bool winsGlare(const IncomingCall& incoming, const Session& called);
  void tellOwners(const Session& session, DeviceChanged::How how);
  /// The client knows more of its calls than we do: it is to log in anew, and to claim them.
  void sendBack(Session& session);
  void takeUp(const Reattachments::Claim& one, const Reattachments::Claim& other);
  void releaseGuests();

  const Clock& clock_;
  Randomness& randomness_;
  CallTimers timers_;
  Backplane* const backplane_;
  HubCounters counters_;
  Registry users_;
  CallTable calls_;
  Mailroom mail_;
  Presence presence_;
  /// What other hubs know of our users; nobody who is gone.
  std::unordered_map<std::string, UserRecord> announced_;
  MissedCalls missed_;
  Reattachments claims_;
  Couriers couriers_;
  /// When each member of a group was last rung, so that work is shared.
  std::unordered_map<std::string, Instant> last_rung_;
};

}  // namespace rtc::signaling
