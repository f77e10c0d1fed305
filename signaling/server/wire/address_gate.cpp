// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/address_gate.hpp"

#include <algorithm>
#include <iterator>

namespace rtc::signaling {

Admission AddressGate::enter(const Address& from, Instant now, bool trusted) {
  if (connections_ >= limits_.connections) return Admission::Full;
  if (holders_.size() >= forget_at_) forget(now);
  Holder& holder = holders_.try_emplace(from.holder(), Holder{0, TokenBucket(accepts_, now)}).first->second;
  // The rate comes first: what is turned away for another reason has cost an accept all the same.
  if (!trusted && tooFast(holder, now)) return Admission::AddressTooFast;
  if (!trusted && holder.connections >= limits_.connections_per_address) return Admission::AddressFull;
  ++holder.connections;
  ++connections_;
  return Admission::Admitted;
}

void AddressGate::leave(const Address& from, Instant now) {
  const auto known = holders_.find(from.holder());
  if (known == holders_.end() || known->second.connections == 0) return;
  --connections_;
  if (--known->second.connections == 0 && forgettable(known->second, now)) holders_.erase(known);
}

Admission AddressGate::reveal(const Address& proxy, const Address& client, Instant now) {
  leave(proxy, now);
  const Admission admission = enter(client, now);
  // Turned away, it stays the proxy's until it is closed.
  if (admission != Admission::Admitted) enter(proxy, now, true);
  return admission;
}

bool AddressGate::tooFast(Holder& holder, Instant now) const {
  return accepts_.per_second > 0 && !holder.accepts.take(accepts_, now);
}

bool AddressGate::forgettable(Holder& holder, Instant now) const {
  return holder.connections == 0 && (accepts_.per_second <= 0 || holder.accepts.full(accepts_, now));
}

void AddressGate::forget(Instant now) {
  for (auto known = holders_.begin(); known != holders_.end();) {
    known = forgettable(known->second, now) ? holders_.erase(known) : std::next(known);
  }
  // Looked through again only once it has doubled, so that no newcomer pays for more than two entries on average.
  forget_at_ = std::max<std::size_t>(1'024, 2 * holders_.size());
}

}  // namespace rtc::signaling
