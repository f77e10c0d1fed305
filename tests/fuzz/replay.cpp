// SPDX-License-Identifier: LGPL-2.1-or-later
//
// replay FOLDER: runs a fuzz target over each file of its corpus, and over variations of it that are the same in every
// run. So what was found once is run with every compiler and sanitizer.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kVariations = 400;

void vary(std::vector<std::uint8_t> bytes) {
  std::uint32_t state = static_cast<std::uint32_t>(bytes.size()) + 1;
  const auto dice = [&state](std::size_t sides) {
    state = state * 1'664'525 + 1'013'904'223;
    return (state >> 8U) % sides;
  };
  for (int i = 0; i < kVariations && !bytes.empty(); ++i) {
    const auto at = dice(bytes.size());
    switch (dice(4)) {
      case 0:
        bytes[at] = static_cast<std::uint8_t>(dice(256));
        break;
      case 1:
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), static_cast<std::uint8_t>(dice(256)));
        break;
      case 2:
        if (bytes.size() > 1) bytes.erase(bytes.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      default:
        std::swap(bytes[at], bytes[dice(bytes.size())]);
        break;
    }
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(file), {}};
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    vary(bytes);
  }
  std::printf("%zu inputs, %d variations of each\n", files.size(), kVariations);
  return files.empty() ? 1 : 0;
}
