// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/access/token_keys.hpp"

#include <glib.h>

#include <algorithm>
#include <utility>

#include "base/ptr.hpp"
#include "signaling/server/key_file.hpp"

namespace rtc::signaling {

namespace {

constexpr const char* kKeys[] = {"algorithm", "secret", "key-file"};

Result<TokenKey> readPem(GKeyFile* file, const std::string& path, const std::string& id, TokenAlgorithm algorithm) {
  const auto name = textIn(file, id, "key-file");
  if (name.empty()) return Error{"[" + id + "] needs a `key-file` with the key in PEM"};
  // Beside the file that names it, wherever the service was started.
  const auto folder = adopt(g_path_get_dirname(path.c_str()));
  const auto full = adopt(g_canonicalize_filename(name.c_str(), folder.get()));
  Out<gchar> text;
  Out<GError> error;
  if (!g_file_get_contents(full.get(), &text, nullptr, &error)) return Error{error->message};
  return TokenKey::pem(id, algorithm, text.get());
}

Result<TokenKey> readKey(GKeyFile* file, const std::string& path, const std::string& id) {
  const auto keys = adopt(g_key_file_get_keys(file, id.c_str(), nullptr, nullptr));
  for (gchar** key = keys.get(); *key != nullptr; ++key) {
    if (std::ranges::none_of(kKeys, [&](const char* known) { return std::string(known) == *key; })) {
      return Error{"[" + id + "] has an unknown key “" + *key + "”"};
    }
  }
  const auto algorithm = tokenAlgorithmOf(textIn(file, id, "algorithm"));
  if (!algorithm) return Error{"[" + id + "] needs an `algorithm`: HS256, RS256, ES256 or EdDSA"};
  if (*algorithm != TokenAlgorithm::HS256) return readPem(file, path, id, *algorithm);
  return TokenKey::secret(id, textIn(file, id, "secret"));
}

}  // namespace

Result<TokenKeys> TokenKeys::read(const std::string& path) {
  const auto file = adopt(g_key_file_new());
  Out<GError> error;
  if (!g_key_file_load_from_file(file.get(), path.c_str(), G_KEY_FILE_NONE, &error)) {
    return Error{path + ": " + error->message};
  }
  TokenKeys keys;
  const auto ids = adopt(g_key_file_get_groups(file.get(), nullptr));
  for (gchar** id = ids.get(); *id != nullptr; ++id) {
    auto key = readKey(file.get(), path, *id);
    if (!key) return Error{path + ": " + key.error().message};
    keys.keys_.push_back(std::move(key).value());
  }
  if (keys.keys_.empty()) return Error{path + ": it holds no key"};
  return keys;
}

TokenKeys TokenKeys::of(std::vector<TokenKey> keys) {
  TokenKeys all;
  all.keys_ = std::move(keys);
  return all;
}

const TokenKey* TokenKeys::forSigning(std::string_view id) const {
  for (const auto& key : keys_) {
    if (key.signs() && (id.empty() || key.id() == id)) return &key;
  }
  return nullptr;
}

}  // namespace rtc::signaling
