// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/page/embedded_page.hpp"

#include <gio/gio.h>

#include <utility>

#include "signaling/server/page/page_reply.hpp"

namespace rtc::signaling {

namespace {

/// Where `web/page.gresource.xml` puts them.
constexpr const char* kRoot = "/rtc/page";
constexpr const char* kIndex = "/index.html";

/// `'self'` has the WebSocket of the same host in it, `blob:` what comes in: pictures of the call and received files.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

/// Calls `use(path)` for each file below a folder, whose path ends with a slash.
template <typename F>
void eachFile(const std::string& folder, const F& use) {
  char** names = g_resources_enumerate_children((kRoot + folder).c_str(), G_RESOURCE_LOOKUP_FLAGS_NONE, nullptr);
  for (char** name = names; name != nullptr && *name != nullptr; ++name) {
    const std::string path = folder + *name;
    if (path.ends_with('/')) {
      eachFile(path, use);
    } else {
      use(path);
    }
  }
  g_strfreev(names);
}

}  // namespace

EmbeddedPage::EmbeddedPage() {
  eachFile("/", [this](const std::string& path) {
    auto content = adopt(g_resources_lookup_data((kRoot + path).c_str(), G_RESOURCE_LOOKUP_FLAGS_NONE, nullptr));
    const auto hash = adopt(g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, content.get()));
    files_.emplace(path, File{std::move(content), '"' + std::string(hash.get()).substr(0, 32) + '"'});
  });
}

Reply EmbeddedPage::answer(const RequestHead& request) const {
  if (!readsOnly(request)) return methodNotAllowed();
  const auto path = adopt(g_uri_unescape_string(request.path.c_str(), "/"));
  const auto found = path ? files_.find(std::string_view(path.get()) == "/" ? kIndex : path.get()) : files_.end();
  if (found == files_.end()) return {plainStatus(404), {}};
  const auto& [name, file] = *found;
  auto reply = pageReply(request, name, file.tag);
  auto& fields = reply.response.fields;
  fields.emplace_back("Content-Security-Policy", kPolicy);
  fields.emplace_back("Referrer-Policy", "no-referrer");
  fields.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  fields.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  fields.emplace_back("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=()");
  if (reply.response.status == 304) return reply;
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(file.content.get(), &size));
  reply.response.body.assign(data, size);
  return reply;
}

}  // namespace rtc::signaling
