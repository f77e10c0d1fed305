// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/token_file.hpp"

#include "base/ptr.hpp"

namespace rtc::app {

Result<std::string> readToken(const std::string& path) {
  Out<gchar> text;
  Out<GError> error;
  if (!g_file_get_contents(path.c_str(), &text, nullptr, &error)) {
    return Error{"--token-file: " + std::string(error->message)};
  }
  std::string token = g_strstrip(text.get());
  if (token.empty()) return Error{"--token-file: " + path + " is empty."};
  return token;
}

void renewToken(const GstStructure* message, const Options& options, GstElement* element, Face& face) {
  const std::string state = gst_structure_get_string(message, "state");
  if (state == "refused") {
    face.show(
        ErrorEvent{"The service refuses the new token: " + std::string(gst_structure_get_string(message, "message"))});
  }
  if (state != "expires") return;
  if (options.token_file.empty()) {
    face.show(
        NoticeEvent{"The token is about to expire, and the login with it. --token-file names one that is renewed."});
    return;
  }
  const auto token = readToken(options.token_file);
  if (!token) {
    face.show(ErrorEvent{token.error().message});
  } else {
    g_object_set(element, "token", token.value().c_str(), nullptr);
  }
}

}  // namespace rtc::app
