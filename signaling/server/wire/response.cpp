// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/response.hpp"

namespace rtc::signaling {

namespace {

std::string_view phraseOf(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 301:
      return "Moved Permanently";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}

}  // namespace

Response plainText(int status, std::string_view text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::string(text) + "\n"};
}

Response plainStatus(int status) {
  return plainText(status, phraseOf(status));
}

std::string headOf(const Response& response, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + ' ' + std::string(phraseOf(response.status));
  head += "\r\nServer: rtc-signald\r\n";
  for (const auto& [name, value] : response.fields) head += name + ": " + value + "\r\n";
  // RFC 9110 15.4.5: a 304 has no contents, and a length would be that of what it spares.
  if (response.status != 304) head += "Content-Length: " + std::to_string(response.size()) + "\r\n";
  if (!keep_alive) head += "Connection: close\r\n";
  return head + "\r\n";
}

std::string switchingProtocols(std::string_view accept) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         std::string(accept) + "\r\n\r\n";
}

}  // namespace rtc::signaling
