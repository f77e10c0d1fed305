// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/web_root.hpp"

#include <array>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/ptr.hpp"

namespace rtc::signaling {

namespace {

/// A page's files are small; anything larger does not belong beside it.
constexpr off_t kMaxFileBytes = 64 * 1024 * 1024;

constexpr std::array<std::pair<std::string_view, const char*>, 20> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".htm", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".pdf", "application/pdf"},
}};

const char* typeOf(std::string_view file) {
  for (const auto& [ending, type] : kTypes) {
    if (file.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

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

/// Closes the descriptor at the end of its scope.
class File {
 public:
  // Without blocking: the name may be that of a pipe that nobody writes to.
  explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) close(fd_);
  }

  bool contents(std::vector<char>& bytes) const {
    struct stat info {};
    if (fd_ < 0 || fstat(fd_, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > kMaxFileBytes) return false;
    bytes.resize(static_cast<std::size_t>(info.st_size));
    std::size_t filled = 0;
    while (filled < bytes.size()) {
      const ssize_t got = read(fd_, bytes.data() + filled, bytes.size() - filled);
      if (got <= 0) break;
      filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return true;
  }

 private:
  int fd_;
};

void fail(SoupServerMessage* message, guint status) {
  soup_server_message_set_status(message, status, nullptr);
  const std::string text = std::string(soup_status_get_phrase(status)) + "\n";
  soup_server_message_set_response(message, "text/plain; charset=utf-8", SOUP_MEMORY_COPY, text.data(), text.size());
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

void WebRoot::answer(SoupServerMessage* message) const {
  const std::string_view method = soup_server_message_get_method(message);
  if (method != SOUP_METHOD_GET && method != SOUP_METHOD_HEAD) {
    soup_message_headers_append(soup_server_message_get_response_headers(message), "Allow", "GET, HEAD");
    fail(message, SOUP_STATUS_METHOD_NOT_ALLOWED);
    return;
  }
  answerPath(message, g_uri_get_path(soup_server_message_get_uri(message)));
}

void WebRoot::answerPath(SoupServerMessage* message, const std::string& encoded_path) const {
  // An escaped slash or NUL is no part of any name: decoding fails.
  const auto path = adopt(g_uri_unescape_string(encoded_path.c_str(), "/"));
  std::string file = path && plainNames(path.get()) ? resolve(path.get()) : "";
  if (isFolder(file)) {
    if (!encoded_path.ends_with('/')) {
      soup_server_message_set_redirect(message, SOUP_STATUS_MOVED_PERMANENTLY, (encoded_path + "/").c_str());
      return;
    }
    file = resolve(std::string(path.get()) + "index.html");
  }
  std::vector<char> contents;
  if (file.empty() || !File(file).contents(contents)) {
    fail(message, SOUP_STATUS_NOT_FOUND);
    return;
  }
  SoupMessageHeaders* headers = soup_server_message_get_response_headers(message);
  soup_message_headers_append(headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_append(headers, "Cache-Control", "no-cache");
  soup_server_message_set_status(message, SOUP_STATUS_OK, nullptr);
  soup_server_message_set_response(message, typeOf(file), SOUP_MEMORY_COPY, contents.data(), contents.size());
}

}  // namespace rtc::signaling
