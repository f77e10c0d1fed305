// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/page/web_root.hpp"

#include <fcntl.h>
#include <glib.h>
#include <sys/stat.h>

#include <cstdlib>
#include <string_view>
#include <utility>

#include "base/ptr.hpp"
#include "signaling/server/page/page_reply.hpp"

namespace rtc::signaling {

namespace {

/// A page's files are small; anything larger does not belong beside it.
constexpr off_t kMaxFileBytes = 64 * 1024 * 1024;

/// Each part between slashes is a plain name: no `..`, no hidden file, no `//` that a redirect would take for a host.
bool plainNames(std::string_view path) {
  if (!path.starts_with('/')) return false;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto name = path.substr(0, path.find('/'));
    const bool last = name.size() == path.size();
    if (name.starts_with('.') || (name.empty() && !last)) return false;
    path.remove_prefix(name.size());
  }
  return true;
}

/// Open for reading, if it is a plain file that may be served.
UniqueFd openFile(const std::string& path, std::uint64_t& size, std::string& tag) {
  // Without blocking: the name may be that of a pipe that nobody writes to.
  UniqueFd file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat info {};
  if (!file || fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > kMaxFileBytes) return {};
  size = static_cast<std::uint64_t>(info.st_size);
  const auto changed = std::to_string(info.st_mtim.tv_sec) + '.' + std::to_string(info.st_mtim.tv_nsec);
  tag = '"' + changed + '-' + std::to_string(size) + '"';
  return file;
}

bool isFolder(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

std::string realPath(const std::string& path) {
  char* resolved = realpath(path.c_str(), nullptr);
  const std::string text = resolved != nullptr ? resolved : "";
  std::free(resolved);
  return text;
}

}  // namespace

Result<WebRoot> WebRoot::open(const std::string& folder) {
  const std::string resolved = realPath(folder);
  if (!isFolder(resolved)) return Error{"--web-root: there is no folder " + folder};
  return WebRoot(resolved);
}

std::string WebRoot::resolve(const std::string& path) const {
  const std::string found = realPath(folder_ + path);
  const bool within = found == folder_ || found.starts_with(folder_ == "/" ? folder_ : folder_ + "/");
  return within ? found : "";
}

Reply WebRoot::answer(const RequestHead& request) const {
  if (!readsOnly(request)) return methodNotAllowed();
  // An escaped slash or NUL is no part of any name: decoding fails.
  const auto path = adopt(g_uri_unescape_string(request.path.c_str(), "/"));
  std::string file = path && plainNames(path.get()) ? resolve(path.get()) : "";
  if (isFolder(file)) {
    if (!request.path.ends_with('/')) {
      Reply reply{plainStatus(301), {}};
      reply.response.fields.emplace_back("Location", request.path + "/");
      return reply;
    }
    file = resolve(std::string(path.get()) + "index.html");
  }
  std::uint64_t size = 0;
  std::string tag;
  auto opened = file.empty() ? UniqueFd() : openFile(file, size, tag);
  if (!opened) return {plainStatus(404), {}};
  auto reply = pageReply(request, file, tag);
  if (reply.response.status == 304) return reply;
  reply.response.file_size = size;
  reply.file = std::move(opened);
  return reply;
}

}  // namespace rtc::signaling
