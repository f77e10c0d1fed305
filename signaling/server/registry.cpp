// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/registry.hpp"

namespace rtc::signaling {

template <typename Key>
Session* Registry::find(const std::unordered_map<Key, SessionId>& index, const Key& key) {
  const auto entry = index.find(key);
  return entry != index.end() ? byId(entry->second) : nullptr;
}

Session& Registry::add(ClientId client) {
  Session& session = sessions_[++last_id_];
  session.id = last_id_;
  session.client = client;
  by_client_[client] = session.id;
  return session;
}

void Registry::remove(const Session& session) {
  if (session.client) by_client_.erase(*session.client);
  if (!session.name.empty()) by_name_.erase(session.name);
  if (!session.resume.empty()) by_resume_.erase(session.resume);
  kept_until_.set(session.id, std::nullopt);
  // A copy: the reference ends with the entry.
  const SessionId id = session.id;
  sessions_.erase(id);
}

Session* Registry::byId(SessionId id) {
  const auto entry = sessions_.find(id);
  return entry != sessions_.end() ? &entry->second : nullptr;
}

Session* Registry::byClient(ClientId client) {
  return find(by_client_, client);
}

Session* Registry::byName(const std::string& name) {
  return find(by_name_, name);
}

Session* Registry::byResume(const std::string& secret) {
  return find(by_resume_, secret);
}

void Registry::rename(Session& session, const std::string& name) {
  if (!session.name.empty()) by_name_.erase(session.name);
  session.name = name;
  by_name_[name] = session.id;
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
  by_client_[client] = session.id;
  kept_until_.set(session.id, std::nullopt);
}

}  // namespace rtc::signaling
