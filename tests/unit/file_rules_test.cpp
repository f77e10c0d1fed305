// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Frames, offers and names of the file protocol: what is refused.
#include "plugins/core/file/manifest.hpp"
#include "plugins/core/file/message.hpp"
#include "tests/support/check.hpp"
#include "tests/support/file_rig.hpp"

using namespace rtc;
using namespace rtc::testing;

namespace {

file::Bytes json(file::Type type, const std::string& text) {
  return file::makeFrame(type, 0, 0, text);
}

bool reads(const std::string& pages_of_one) {
  file::OfferReader reader{file::Limits{}};
  const auto parsed = file::parseJson(pages_of_one);
  if (!parsed) return false;
  const auto complete = reader.add(*parsed, pages_of_one.size());
  return complete.ok() && complete.value();
}

std::string offerOf(const std::string& entries, const std::string& block = "262144") {
  return R"({"transfer":"000102030405060708090a0b0c0d0e0f","block":)" + block + R"(,"files":[)" + entries + "]}";
}

std::string lower(std::string_view text) {
  std::string folded(text);
  for (char& c : folded) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return folded;
}

}  // namespace

RTC_TEST(names_that_lead_elsewhere_are_refused) {
  const std::vector<file::Path> bad = {
      {},
      {""},
      {"."},
      {".."},
      {"a", "..", "b"},
      {"..", "x"},
      {"/etc/x"},
      {"a/b"},
      {"", "srv", "x"},
      {"C:\\x"},
      {"C:x"},
      {"\\\\srv\\s\\x"},
      {"..\\x"},
      {"file:stream"},
      {" "},
      {"   "},
      {"name."},
      {"name "},
      {"..."},
      {std::string("a\0b", 3)},
      {std::string(256, 'x')},
      {"\xC0\xAE"},
      {"\xFF"},
      {"\xED\xA0\x80"},
      {"CON"},
      {"con.txt"},
      {"NUL"},
      {"COM1.log"},
      {"COM1 .x"},
      {"LPT9"},
      {"COM\u00B9"},
      {"a\x1B[2J"},
      {"a\u009Bb"},
      {"a\nb"},
      {"a\rb"},
      {"a\x7F"},
      {"evil\u202Egpj.exe"},
      {"a\u2066b"},
      {"zero\u200Bwidth"},
      {".rtcfile-partial", "x"},
      {".RTCFILE-PARTIAL"},
      file::Path(65, "a"),
      file::Path(20, std::string(250, 'y')),
  };
  for (const auto& path : bad) {
    ck_assert_msg(!file::problemWith(path).empty(), "taken: %s", file::shown(path).c_str());
  }
}

RTC_TEST(usual_names_are_taken) {
  for (const auto& path : std::vector<file::Path>{{"a"},
                                                  {"Ünïcödé – ☃.txt"},
                                                  {"what?.txt"},
                                                  {"folder", "with space", "x.tar.gz"},
                                                  {".bashrc"},
                                                  {"console.log"},
                                                  {"COM10"},
                                                  {"-rf"},
                                                  {std::string(255, 'x')},
                                                  file::Path(64, "a")}) {
    RTC_ASSERT_EQ(file::problemWith(path), "");
  }
  RTC_ASSERT(file::isHidden({"a", ".ssh", "authorized_keys"}));
  RTC_ASSERT(!file::isHidden({"a.b"}));
}

RTC_TEST(what_is_shown_moves_no_cursor) {
  RTC_ASSERT_EQ(file::shown("a\x1B[2J\u202E\u009B\n"), "a\\x1B[2J\\u{202E}\\x9B\\x0A");
  RTC_ASSERT_EQ(file::shown("\xFFz"), "\\xFFz");
  RTC_ASSERT_EQ(file::shown("Grüße"), "Grüße");
}

RTC_TEST(two_names_that_are_one_are_found) {
  file::Collisions names(lower);
  RTC_ASSERT(names.add({"README"}, false));
  RTC_ASSERT(!names.add({"readme"}, false));
  RTC_ASSERT(names.add({"p"}, false));
  RTC_ASSERT(!names.add({"P", "c"}, false));
  RTC_ASSERT(names.add({"d", "e"}, false));
  RTC_ASSERT(!names.add({"D"}, false));
  RTC_ASSERT(names.add({"d"}, true));
  RTC_ASSERT(!names.add({"d"}, true));
}

RTC_TEST(an_offer_survives_its_pages) {
  file::Offer offer;
  offer.id = {9, 8, 7};
  for (int i = 0; i < 2'000; ++i) {
    file::Entry entry;
    entry.path = {"folder \"quoted\"", "file " + std::to_string(i)};
    entry.size = static_cast<std::uint64_t>(i);
    entry.mtime = 1'767'225'600'000;
    entry.executable = i % 2 == 0;
    offer.entries.push_back(entry);
  }
  offer.entries.push_back(aStream(0).first);
  const auto pages = file::encode(offer);
  RTC_ASSERT(pages.size() > 5);
  file::OfferReader reader{file::Limits{}};
  for (std::size_t i = 0; i < pages.size(); ++i) {
    RTC_ASSERT(pages[i].size() <= file::kLargestJson);
    const auto complete = reader.add(*file::parseJson(pages[i]), pages[i].size());
    RTC_ASSERT(complete.ok());
    RTC_ASSERT_EQ(complete.value(), i + 1 == pages.size());
  }
  const auto read = reader.take();
  RTC_ASSERT(read.id == offer.id);
  RTC_ASSERT_EQ(read.entries.size(), offer.entries.size());
  RTC_ASSERT(read.entries[7].path == offer.entries[7].path);
  RTC_ASSERT_EQ(*read.entries[1'999].size, 1'999u);
  RTC_ASSERT(read.entries.back().stream());
}

RTC_TEST(offers_beyond_the_bounds_are_refused) {
  const std::string good = R"({"type":"file","path":["a"],"size":1})";
  RTC_ASSERT(reads(offerOf(good)));
  for (const std::string size : {"-1", "9007199254740992", "9223372036854775808", "18446744073709551616", "1e3", "1.5",
                                 "\"1\"", "true", "{}", "9007199254740991"}) {
    RTC_ASSERT(!reads(offerOf(R"({"type":"file","path":["a"],"size":)" + size + "}")));
  }
  for (const std::string block : {"0", "1", "16383", "16385", "8388608", "-16384", "null"}) {
    RTC_ASSERT(!reads(offerOf(good, block)));
  }
  RTC_ASSERT(!reads(offerOf("")));
  RTC_ASSERT(!reads(offerOf(R"({"type":"file","path":["a"]})")));
  RTC_ASSERT(!reads(offerOf(R"({"type":"file","path":"a","size":1})")));
  RTC_ASSERT(!reads(offerOf(R"({"type":"file","path":[1],"size":1})")));
  RTC_ASSERT(!reads(offerOf(R"({"type":"file","path":["a"],"size":null},)" + good)));
  RTC_ASSERT(!reads("{}"));
  std::string many = good;
  for (int i = 0; i < 100'000; ++i) many += "," + good;
  RTC_ASSERT(!reads(offerOf(many)));
}

RTC_TEST(an_unknown_kind_of_entry_is_read_and_is_no_file) {
  file::OfferReader reader{file::Limits{}};
  const auto text = offerOf(R"({"type":"symlink","path":["a"],"target":"/etc/passwd"})");
  RTC_ASSERT(reader.add(*file::parseJson(text), text.size()).ok());
  const auto offer = reader.take();
  RTC_ASSERT(offer.entries[0].kind == file::Entry::Kind::Unknown);
  RTC_ASSERT_EQ(offer.blocksOf(0), 0u);
}

RTC_TEST(json_is_read_strictly) {
  for (const std::string bad :
       {"", "{", "{}x", "{\"a\":1,}", "[1,]", "{\"a\"}", "\"\\x\"", "\"\\uD800\"", "\"a\nb\"", "nul", "01", "1.", "-",
        "\"\xC0\x80\"", "[[[[[[[[[[1]]]]]]]]]]", "{'a':1}", "+1", "1e"}) {
    ck_assert_msg(!file::parseJson(bad), "taken: %s", bad.c_str());
  }
  const auto json = file::parseJson(R"( {"a":[1,-2,3.5e2,true,null,"\u00e9\ud83d\ude00\n"]} )");
  RTC_ASSERT(json.has_value());
  RTC_ASSERT_EQ(std::get<std::string>((*json->find("a")->array())[5].value), "é😀\n");
}

RTC_TEST(messages_that_are_none_are_not_read) {
  RTC_ASSERT(!file::decode({}));
  RTC_ASSERT(!file::decode(file::Bytes(15, 0xF1)));
  auto good = file::encode(file::Ping{7});
  RTC_ASSERT(file::decode(good).has_value());
  good[0] = 0xF0;
  RTC_ASSERT(!file::decode(good));
  RTC_ASSERT(!file::decode(file::makeFrame(static_cast<file::Type>(0x7F), 0, 0)));
  RTC_ASSERT(file::decode(file::makeFrame(static_cast<file::Type>(0x80), 0, 0)).has_value());
  RTC_ASSERT(!file::decode(file::makeFrame(file::Type::Data, 0, 0)));
  RTC_ASSERT(!file::decode(file::makeFrame(file::Type::Block, 0, 0, file::View(file::Bytes(35)))));
  RTC_ASSERT(!file::decode(file::makeFrame(file::Type::FileEnd, 0, 0, file::View(file::Bytes(31)))));
  RTC_ASSERT(!file::decode(file::makeFrame(file::Type::Hashes, 0, 0, file::View(file::Bytes(33)))));
  RTC_ASSERT(!file::decode(file::makeFrame(file::Type::Hashes, 0, 1U << 20U, file::View(file::Bytes(32)))));
  RTC_ASSERT(!file::decode(file::makeFrame(file::Type::Stored, 0, 0, file::View(file::Bytes(12)))));
  RTC_ASSERT(!file::decode(json(file::Type::Hello, "[]")));
  RTC_ASSERT(!file::decode(json(file::Type::Hello, R"({"versions":[1],"largest":100})")));
  RTC_ASSERT(!file::decode(json(file::Type::Accept, R"({"files":[[2,1]],"horizon":1})")));
  RTC_ASSERT(!file::decode(json(file::Type::Accept, R"({"files":[[0,3],[3,4]],"horizon":1})")));
  RTC_ASSERT(!file::decode(json(file::Type::Accept, R"({"files":[[0,4294967295]],"horizon":1})")));
  RTC_ASSERT(!file::decode(json(file::Type::Offer, std::string(16'000, ' ') + "{}")));
  const auto other = file::decode(json(file::Type::Hello, R"({"versions":[2,3]})"));
  RTC_ASSERT(!std::get<file::Hello>(*other).understood);
}

RTC_TEST(every_message_reads_as_it_was_written) {
  file::Stored stored{5, 9, {{1, 2}, {3, 4}}};
  const auto read = std::get<file::Stored>(*file::decode(file::encode(stored)));
  RTC_ASSERT(read.total == 5 && read.horizon == 9 && read.blocks == stored.blocks);
  const auto accept = std::get<file::Accept>(*file::decode(file::encode(file::Accept{{{0, 2}, {5, 5}}, 77})));
  RTC_ASSERT(accept.files.size() == 2 && accept.files[1].first == 5 && accept.horizon == 77);
  const auto cancel =
      std::get<file::Cancel>(*file::decode(file::encode(file::Cancel{{file::Code::NoSpace, "full"}, true})));
  RTC_ASSERT(cancel.fault.code == file::Code::NoSpace && cancel.keep && cancel.fault.text == "full");
  file::Hello lane;
  lane.lane_of = file::TransferId{1, 2};
  RTC_ASSERT(std::get<file::Hello>(*file::decode(file::encode(lane, true))).lane_of == lane.lane_of);
}
