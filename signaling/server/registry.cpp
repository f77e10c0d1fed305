// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/registry.hpp"

#include <utility>

namespace rtc::signaling {

Session& Registry::add(ClientId client, Origin origin, TokenBucket messages) {
  const SessionId id = ++last_id_;
  Session& session = sessions_.emplace(id, Session(messages)).first->second;
  session.id = id;
  session.client = client;
  session.origin = std::move(origin);
  by_client_[client] = &session;
  return session;
}

Session& Registry::guest(const RemoteDevice& device, const std::string& user, bool counts) {
  if (Session* known = byDevice(device)) return *known;
  const SessionId id = ++last_id_;
  Session& session = sessions_.emplace(id, Session(TokenBucket(Rate{}, Instant{}))).first->second;
  session.id = id;
  session.elsewhere = device;
  session.dialect = Dialect::Full;
  session.name = user;
  session.counts = counts;
  guests_[device] = id;
  return session;
}

void Registry::remove(const Session& session) {
  if (session.elsewhere) guests_.erase(*session.elsewhere);
  if (session.client) by_client_.erase(*session.client);
  leaveName(session);
  leaveGroups(session);
  if (!session.resume.empty()) by_resume_.erase(session.resume);
  kept_until_.set(session.id, std::nullopt);
  // A copy: the reference ends with the entry.
  const SessionId id = session.id;
  sessions_.erase(id);
}

void Registry::leaveName(const Session& session) {
  const auto user = by_name_.find(session.name);
  if (user == by_name_.end()) return;
  std::erase(user->second, session.id);
  if (user->second.empty()) by_name_.erase(user);
}

void Registry::leaveGroups(const Session& session) {
  for (const auto& group : session.groups) {
    const auto members = by_group_.find(group);
    if (members == by_group_.end()) continue;
    members->second.erase(session.id);
    if (members->second.empty()) by_group_.erase(members);
  }
}

Session* Registry::byId(SessionId id) {
  const auto entry = sessions_.find(id);
  return entry != sessions_.end() ? &entry->second : nullptr;
}

Session* Registry::byClient(ClientId client) {
  const auto entry = by_client_.find(client);
  return entry != by_client_.end() ? entry->second : nullptr;
}

Session* Registry::byDevice(const RemoteDevice& device) {
  const auto entry = guests_.find(device);
  return entry != guests_.end() ? byId(entry->second) : nullptr;
}

std::vector<SessionId> Registry::guestsOf(HubId hub) const {
  std::vector<SessionId> guests;
  for (auto each = guests_.lower_bound({hub, 0}); each != guests_.end() && each->first.hub == hub; ++each) {
    guests.push_back(each->second);
  }
  return guests;
}

const std::vector<SessionId>& Registry::devicesOf(const std::string& name) const {
  static const std::vector<SessionId> none;
  const auto user = by_name_.find(name);
  return user != by_name_.end() ? user->second : none;
}

Session* Registry::byName(const std::string& name) {
  const auto& devices = devicesOf(name);
  return devices.empty() ? nullptr : byId(devices.front());
}

std::set<std::string> Registry::membersOf(const std::string& group) const {
  std::set<std::string> users;
  const auto members = by_group_.find(group);
  if (members == by_group_.end()) return users;
  for (const auto id : members->second) users.insert(sessions_.at(id).name);
  return users;
}

Session* Registry::byResume(const std::string& secret) {
  const auto entry = by_resume_.find(secret);
  return entry != by_resume_.end() ? byId(entry->second) : nullptr;
}

void Registry::rename(Session& session, const std::string& name) {
  leaveName(session);
  session.name = name;
  by_name_[name].push_back(session.id);
}

void Registry::setGroups(Session& session, std::vector<std::string> groups) {
  leaveGroups(session);
  session.groups = std::move(groups);
  for (const auto& group : session.groups) by_group_[group].insert(session.id);
}

void Registry::setResume(Session& session, const std::string& secret) {
  if (!session.resume.empty()) by_resume_.erase(session.resume);
  session.resume = secret;
  by_resume_[secret] = session.id;
}

void Registry::detach(Session& session, Instant until) {
  if (session.client) by_client_.erase(*session.client);
  session.client.reset();
  kept_until_.set(session.id, until);
}

void Registry::reattach(Session& session, ClientId client) {
  if (Session* own = byClient(client)) remove(*own);
  if (session.client) by_client_.erase(*session.client);
  session.client = client;
  by_client_[client] = &session;
  kept_until_.set(session.id, std::nullopt);
}

}  // namespace rtc::signaling
