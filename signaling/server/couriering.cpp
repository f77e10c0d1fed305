// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The part of the switchboard that deals with other hubs. A call is owned by the hub of its caller: to it a device at
// another hub is a session like any other, a guest, whose connection is the backplane. The device's own hub is a
// courier.
#include <algorithm>
#include <utility>

#include "signaling/server/switchboard.hpp"

namespace rtc::signaling {

// --- As the owner ----------------------------------------------------------------------------------------------------

void Switchboard::ringElsewhere(CallRecord& call, const std::string& user) {
  for (const auto& [hub, record] : backplane_->elsewhere(user)) {
    for (const auto& device : record.devices) {
      const RemoteDevice address{hub, device.session};
      if (!call.rung_elsewhere.insert(address).second) continue;
      ringOn(call, users_.guest(address, user, device.counts));
    }
  }
}

/// A device that logs in elsewhere while a call rings, rings too.
void Switchboard::heardOf(const std::string& user) {
  for (const auto& id : calls_.ringingAt(user)) ringElsewhere(*calls_.find(id), user);
  presence_.touch(user);
}

void Switchboard::disown(HubId hub, const FromDevice& said, const std::string& call) {
  if (!said.message.id.empty()) {
    backplane_->send(
        hub, ToDevice{said.device, RequestError{said.message.id, ErrorCode::NoSuchCall, "you are in no call " + call}});
  }
  backplane_->send(hub, CallOver{said.device, call});
}

void Switchboard::take(HubId from, const DeviceChanged& parcel) {
  const Session* guest = users_.byDevice({from, parcel.device});
  if (guest == nullptr) return;
  switch (parcel.how) {
    case DeviceChanged::How::Lost:
      applyToAll(guest->id, call_event::Detach{});
      break;
    case DeviceChanged::How::Back:
      applyToAll(guest->id, call_event::Resume{});
      break;
    case DeviceChanged::How::Gone:
      applyToAll(guest->id, call_event::Vanish{});
      break;
  }
}

/// Whoever is in none of our calls any more is no guest.
void Switchboard::releaseGuests() {
  for (const auto& [id, call] : calls_.takeEnds()) {
    const Session* guest = users_.byId(id);
    if (guest == nullptr || !guest->elsewhere) continue;
    const CallRecord* record = calls_.find(call);
    if (record != nullptr && record->partyOf(id)) continue;
    backplane_->send(guest->elsewhere->hub, CallOver{guest->elsewhere->session, call});
    if (!calls_.busy(id)) users_.remove(*guest);
  }
}

// --- As the courier --------------------------------------------------------------------------------------------------

bool Switchboard::carry(const Session& sender, const std::string& call, const ClientMessage& message) {
  auto* errand = couriers_.find(sender.id, call);
  if (errand == nullptr) return false;
  if (std::holds_alternative<Accept>(message.body)) errand->accepted = true;
  backplane_->send(errand->owner, FromDevice{sender.id, {message.id, message.body}});
  return true;
}

void Switchboard::take(HubId from, const ToDevice& parcel) {
  Session* device = users_.byId(parcel.device);
  if (device == nullptr) {
    backplane_->send(from, DeviceChanged{parcel.device, DeviceChanged::How::Gone});
    return;
  }
  if (const auto* incoming = std::get_if<IncomingCall>(&parcel.message)) {
    const auto say = [&](ClientBody body) { backplane_->send(from, FromDevice{device->id, {"", std::move(body)}}); };
    // Ids are random, so this is nobody's accident.
    if (calls_.find(incoming->call) != nullptr) return say(Decline{incoming->call, Reason::Busy});
    if (!winsGlare(*incoming, *device)) return say(Leave{incoming->call, "", Reason::GlareLost});
    couriers_.add({device->id, incoming->call, from});
    presence_.touch(device->name);
  }
  // Of a call that was refused right here the device has never heard.
  const auto* ended = std::get_if<Ended>(&parcel.message);
  if (ended != nullptr && couriers_.find(device->id, ended->call) == nullptr) return;
  mail_.send(*device, parcel.message);
}

bool Switchboard::winsGlare(const IncomingCall& incoming, const Session& called) {
  for (const auto& id : calls_.ringingAt(incoming.from)) {
    CallRecord* ours = calls_.find(id);
    if (ours->hunt || ours->caller_name != called.name) continue;
    if (ours->id < incoming.call) return false;
    end(*ours, Reason::GlareLost);
  }
  return true;
}

void Switchboard::take(HubId, const CallOver& parcel) {
  couriers_.remove(parcel.device, parcel.call);
  Session* device = users_.byId(parcel.device);
  if (device == nullptr) return;
  presence_.touch(device->name);
  // Lost, and kept for the sake of this call.
  if (!device->client && !busy(*device)) drop(*device);
}

void Switchboard::take(HubId from, const CallTakenUp& parcel) {
  claims_.withdraw(parcel.device, parcel.call);
  const Session* device = users_.byId(parcel.device);
  if (device == nullptr) {
    backplane_->send(from, DeviceChanged{parcel.device, DeviceChanged::How::Gone});
    return;
  }
  couriers_.add({parcel.device, parcel.call, from, true});
  presence_.touch(device->name);
}

void Switchboard::tellOwners(const Session& session, DeviceChanged::How how) {
  for (const auto owner : couriers_.ownersOf(session.id)) backplane_->send(owner, DeviceChanged{session.id, how});
}

// --- Hubs and calls that are gone ------------------------------------------------------------------------------------

void Switchboard::sendBack(Session& session) {
  if (!session.client) {
    drop(session);
    return;
  }
  // Nobody knows this secret: so the next login resumes nothing.
  users_.setResume(session, randomness_.token());
  mail_.disconnect(*session.client, CloseCode::GoingAway, "log in again");
}

void Switchboard::lostHub(HubId hub) {
  for (const auto& errand : couriers_.ownedBy(hub)) {
    couriers_.remove(errand.device, errand.call);
    Session* device = users_.byId(errand.device);
    if (device == nullptr) continue;  // sent back for another of its calls
    presence_.touch(device->name);
    if (errand.accepted && device->counts) {
      sendBack(*device);
    } else {
      mail_.send(*device, Ended{errand.call, errand.accepted ? Reason::PeerLost : Reason::Cancelled, ""});
    }
  }
  for (const auto guest : users_.guestsOf(hub)) {
    for (const auto& id : calls_.of(guest)) {
      CallRecord* call = calls_.find(id);
      if (call == nullptr) continue;
      Session* caller = users_.byId(call->caller);
      if (call->rings() || caller == nullptr || !caller->counts) {
        apply(*call, guest, call_event::Vanish{});
        continue;
      }
      // Media goes on. Both parties have tickets.
      calls_.remove(*call);
      presence_.touch(caller->name);
      sendBack(*caller);
    }
  }
}

/// Of two hubs at which the parties wait, the one with the lesser id takes the call up.
void Switchboard::take(HubId from, const CallClaimed& parcel) {
  const Reattachments::Claim theirs{0, parcel.user, parcel.what, {}};
  const auto* found = claims_.fitting(theirs);
  if (found == nullptr) return;
  const auto ours = *found;
  const Session* waiting = users_.byId(ours.by);
  if (backplane_->self() > from && waiting != nullptr && !ours.left) {
    backplane_->send(from, CallClaimed{ours.by, waiting->counts, ours.user, ours.what});
    return;
  }
  claims_.withdraw(ours.by, ours.what.call);
  backplane_->send(from, CallTakenUp{parcel.device, parcel.what.call});
  if (waiting == nullptr || ours.left) {
    backplane_->send(from,
                     ToDevice{parcel.device, Ended{parcel.what.call, ours.left.value_or(Reason::PeerLost), ours.user}});
    backplane_->send(from, CallOver{parcel.device, parcel.what.call});
    return;
  }
  const Session& guest = users_.guest({from, parcel.device}, parcel.user, parcel.counts);
  takeUp(ours, {guest.id, parcel.user, parcel.what, {}});
}

}  // namespace rtc::signaling
