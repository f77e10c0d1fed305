// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/error_code.hpp"

#include <array>
#include <utility>

namespace rtc::signaling {

namespace {

constexpr std::array<std::pair<ErrorCode, std::string_view>, 14> kWords = {{
    {ErrorCode::BadRequest, "bad_request"},
    {ErrorCode::Unauthorized, "unauthorized"},
    {ErrorCode::Forbidden, "forbidden"},
    {ErrorCode::RateLimited, "rate_limited"},
    {ErrorCode::NameTaken, "name_taken"},
    {ErrorCode::NotLoggedIn, "not_logged_in"},
    {ErrorCode::NoSuchUser, "no_such_user"},
    {ErrorCode::NoSuchCall, "no_such_call"},
    {ErrorCode::CallExists, "call_exists"},
    {ErrorCode::WrongState, "wrong_state"},
    {ErrorCode::Unavailable, "unavailable"},
    {ErrorCode::TooLarge, "too_large"},
    {ErrorCode::Version, "version"},
    {ErrorCode::Internal, "internal"},
}};

}  // namespace

std::string_view word(ErrorCode code) {
  for (const auto& [known, text] : kWords) {
    if (known == code) return text;
  }
  return "internal";
}

std::optional<ErrorCode> errorCodeOf(std::string_view text) {
  for (const auto& [code, known] : kWords) {
    if (known == text) return code;
  }
  return std::nullopt;
}

}  // namespace rtc::signaling
