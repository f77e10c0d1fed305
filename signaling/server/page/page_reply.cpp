// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/page/page_reply.hpp"

#include <array>
#include <utility>

namespace rtc::signaling {

namespace {

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

bool has(const RequestHead& request, const std::string& tag) {
  // RFC 9110 13.1.2: the weak comparison.
  return request.lists("if-none-match", tag) || request.lists("if-none-match", "W/" + tag) ||
         request.lists("if-none-match", "*");
}

}  // namespace

const char* mediaTypeOf(std::string_view file) {
  for (const auto& [ending, type] : kTypes) {
    if (file.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

bool readsOnly(const RequestHead& request) {
  return request.method == "GET" || request.method == "HEAD";
}

Reply methodNotAllowed() {
  Reply reply{plainStatus(405), {}};
  reply.response.fields.emplace_back("Allow", "GET, HEAD");
  return reply;
}

Reply pageReply(const RequestHead& request, std::string_view file, const std::string& tag) {
  Reply reply;
  // Asked for each time, and sent only if it is another one: a page is never half of one version and half of the next.
  reply.response.fields = {{"Cache-Control", "no-cache"}, {"ETag", tag}};
  if (has(request, tag)) {
    reply.response.status = 304;
    return reply;
  }
  reply.response.fields.emplace_back("Content-Type", mediaTypeOf(file));
  reply.response.fields.emplace_back("X-Content-Type-Options", "nosniff");
  return reply;
}

}  // namespace rtc::signaling
