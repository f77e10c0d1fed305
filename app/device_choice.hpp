// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which device of a kind is used while devices come, go and fail, and what to say about it: pure, values in and values
// out. The one that was chosen first is returned to whenever it is there and works.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/device.hpp"
#include "base/result.hpp"

namespace rtc::app {

/// The one device that the words name: its name or path, or a part of these that no other has, in any case of letters.
/// An error is a sentence that lists what is there.
Result<Device> deviceNamed(DeviceKind kind, const std::string& words, const std::vector<Device>& there);

/// Why a device that is there does not work.
struct DeviceFault {
  enum class Kind { Busy, Broken };
  Kind kind = Kind::Broken;
  std::string message;  ///< of Broken: what it said
};

class DeviceChoice {
 public:
  /// What to use from now on, and a sentence that says so.
  struct Use {
    std::optional<Device> device;  ///< nothing: what stands in for one
    std::string told;
  };

  /// `wish`: as for deviceNamed, or empty for the best one.
  static Result<DeviceChoice> make(DeviceKind kind, const std::string& wish, std::vector<Device> there);

  /// Of which no better one may be there.
  const Use& now() const { return now_; }
  bool isNamed() const { return named_; }
  /// Whether a device was ever used.
  bool hadOne() const { return chosen_.has_value(); }

  /// Whether the chosen one is not used, though it has not failed.
  bool waits() const;
  /// Those that were there last, of every kind.
  const std::vector<Device>& there() const { return there_; }
  /// Devices came or went; these are there now. Nothing: all stays as it is.
  std::optional<Use> changed(std::vector<Device> there);
  /// The one in use does not work (any more), or is gone if it is not among those that are left.
  Use failed(const DeviceFault& fault, std::vector<Device> left);

 private:
  DeviceChoice(DeviceKind kind, std::vector<Device> there) : kind_(kind), there_(std::move(there)) {}
  const Device* best() const;
  bool isChosen(const Device& device) const;
  bool isThere(const Device& device) const;
  bool hasFailed(const Device& device) const;
  Use use(const Device* device, const std::string& why);

  DeviceKind kind_;
  bool named_ = false;
  std::vector<Device> there_;
  std::vector<Device> failed_;  // since they came
  std::optional<Device> chosen_;
  bool name_is_shared_ = false;  // of the chosen one, with another
  Use now_;
};

}  // namespace rtc::app
