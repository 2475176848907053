// SPDX-License-Identifier: Apache-2.0
// Files for TensorBoard, read back by the rules of their formats.
#include "lab/tensorboard.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>

namespace actfn::lab {
namespace {

static_assert(std::endian::native == std::endian::little);  // fixed() copies numbers

template <class T>
T fixed(std::string_view bytes) {
  T number{};
  if (bytes.size() < sizeof number) {
    ADD_FAILURE() << "the text ends within a number";
    return number;
  }
  std::memcpy(&number, bytes.data(), sizeof number);
  return number;
}

// CRC-32C by its definition, bit by bit.
std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
  }
  return ~crc;
}

std::uint32_t masked(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return (crc >> 15U | crc << 17U) + 0xA282EAD8U;
}

// The value that RFC 3720 gives for 32 bytes of 0.
TEST(Tensorboard, TheChecksumOfThisTestIsRight) {
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
}

std::vector<std::string> records(std::string_view file) {
  std::vector<std::string> all;
  while (!file.empty()) {
    const auto length = fixed<std::uint64_t>(file);
    EXPECT_EQ(fixed<std::uint32_t>(file.substr(8)), masked(file.substr(0, 8)));
    if (file.size() < length + 16) {
      ADD_FAILURE() << "half a record";
      break;
    }
    all.emplace_back(file.substr(12, length));
    EXPECT_EQ(fixed<std::uint32_t>(file.substr(12 + length)), masked(all.back()));
    file.remove_prefix(length + 16);
  }
  return all;
}

// A message of Protocol Buffers: its fields in order, with the bytes of each.
struct Field {
  std::uint64_t number;
  std::string bytes;     // of a string, a message, a fixed number
  std::uint64_t varint;  // otherwise
};

std::uint64_t take_varint(std::string_view& from) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; !from.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(from.front());
    from.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) break;
  }
  return value;
}

std::vector<Field> message(std::string_view bytes) {
  std::vector<Field> all;
  while (!bytes.empty()) {
    const std::uint64_t key = take_varint(bytes);
    Field field{key >> 3U, {}, 0};
    std::size_t size = 0;
    switch (key & 7U) {
      case 0:
        field.varint = take_varint(bytes);
        break;
      case 1:
        size = 8;
        break;
      case 2:
        size = take_varint(bytes);
        break;
      case 5:
        size = 4;
        break;
      default:
        ADD_FAILURE() << "a type that is not in use: " << key;
        return all;
    }
    field.bytes = bytes.substr(0, size);
    bytes.remove_prefix(std::min(size, bytes.size()));
    all.push_back(field);
  }
  return all;
}

struct Event {
  double wall_time = 0;
  std::uint64_t step = 0;
  std::string file_version;
  std::map<std::string, float> scalars;
};

Event read_event(const std::string& record) {
  Event event;
  for (const Field& field : message(record)) {
    if (field.number == 1) event.wall_time = fixed<double>(field.bytes);
    if (field.number == 2) event.step = field.varint;
    if (field.number == 3) event.file_version = field.bytes;
    if (field.number != 5) continue;
    for (const Field& value : message(field.bytes)) {
      EXPECT_EQ(value.number, 1U);
      const std::vector<Field> parts = message(value.bytes);
      EXPECT_EQ(parts.size(), 2U);
      EXPECT_EQ(parts[0].number, 1U);
      EXPECT_EQ(parts[1].number, 2U);
      event.scalars.emplace(parts[0].bytes, fixed<float>(parts[1].bytes));
    }
  }
  return event;
}

std::vector<Event> events(const std::string& file) {
  std::vector<Event> all;
  for (const std::string& record : records(file)) all.push_back(read_event(record));
  return all;
}

EpochResult row(int epoch, double seconds) {
  EpochResult row;
  row.epoch = epoch;
  row.train = {0.5 / (epoch + 1), 0.25};
  row.validation = Score{0.75, 0.125};
  row.seconds = seconds;
  return row;
}

TEST(Tensorboard, AFileHasItsVersionAndAnEventAnEpoch) {
  std::vector<EpochResult> rows = {row(0, 0), row(1, 1.5), row(300, 2)};
  rows.back().test = Score{1.0 / 3, 0.875};
  const auto all = events(event_file(rows, "1970-01-02T00:00:01Z"));
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].file_version, "brain.Event:2");
  EXPECT_EQ(all[0].wall_time, 86401);
  EXPECT_TRUE(all[0].scalars.empty());
  const std::map<std::string, float> second = {{"loss/train", 0.25F},
                                               {"accuracy/train", 0.25F},
                                               {"loss/validation", 0.75F},
                                               {"accuracy/validation", 0.125F}};
  EXPECT_EQ(all[2].scalars, second);
  EXPECT_EQ(all[2].wall_time, 86402.5);
  EXPECT_EQ(all[2].step, 1U);
  EXPECT_EQ(all[3].step, 300U);
  EXPECT_EQ(all[3].wall_time, 86404.5);
  EXPECT_EQ(all[3].scalars.at("loss/test"), static_cast<float>(1.0 / 3));
  EXPECT_EQ(all[3].scalars.at("accuracy/test"), 0.875F);
}

TEST(Tensorboard, ARegressionHasNoAccuracy) {
  EpochResult one = row(2, 1);
  one.train.accuracy = std::numeric_limits<double>::quiet_NaN();
  one.validation = std::nullopt;
  const auto all = events(event(one, 5));
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].scalars.size(), 1U);
  EXPECT_EQ(all[0].scalars.count("loss/train"), 1U);
}

TEST(Tensorboard, ADivergedLossIsNan) {
  EpochResult one = row(2, 1);
  one.train.loss = std::numeric_limits<double>::quiet_NaN();
  EXPECT_TRUE(std::isnan(events(event(one, 5))[0].scalars.at("loss/train")));
}

TEST(Tensorboard, TheSameRunHasTheSameBytes) {
  const std::vector<EpochResult> rows = {row(0, 0), row(1, 1)};
  EXPECT_EQ(event_file(rows, "2026-01-02T03:04:05Z"),
            first_event(1767323045) + event(rows[0], 1767323045) + event(rows[1], 1767323046));
}

}  // namespace
}  // namespace actfn::lab
