// SPDX-License-Identifier: Apache-2.0
// The format: records of TensorFlow's TFRecord (a length, its checksum, data, their checksum), each
// an Event of tensorflow/core/util/event.proto in the wire format of Protocol Buffers.
#include "lab/tensorboard.h"

#include <bit>
#include <boost/crc.hpp>
#include <cmath>
#include <cstdint>
#include <ctime>

namespace actfn::lab {
namespace {

// Fields of the messages.
enum class Event : std::uint32_t { wall_time = 1, step = 2, file_version = 3, summary = 5 };
enum class Summary : std::uint32_t { value = 1 };
enum class Value : std::uint32_t { tag = 1, simple_value = 2 };

enum class Wire : std::uint32_t { varint = 0, fixed64 = 1, length_delimited = 2, fixed32 = 5 };

template <class Unsigned>
void put_fixed(std::string& to, Unsigned number) {
  for (unsigned shift = 0; shift < 8 * sizeof number; shift += 8) {
    to.push_back(static_cast<char>(number >> shift & 0xFFU));
  }
}

void put_varint(std::string& to, std::uint64_t number) {
  constexpr std::uint64_t kMore = 0x80;
  for (; number >= kMore; number >>= 7U) to.push_back(static_cast<char>(number | kMore));
  to.push_back(static_cast<char>(number));
}

template <class Field>
void put_key(std::string& to, Field field, Wire wire) {
  put_varint(to, static_cast<std::uint32_t>(field) << 3U | static_cast<std::uint32_t>(wire));
}

template <class Field>
void put_bytes(std::string& to, Field field, std::string_view bytes) {
  put_key(to, field, Wire::length_delimited);
  put_varint(to, bytes.size());
  to += bytes;
}

// CRC-32C, turned and shifted: a checksum of data that hold checksums would be weak.
std::uint32_t masked_checksum(std::string_view bytes) {
  boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return std::rotr(static_cast<std::uint32_t>(crc.checksum()), 15) + 0xA282EAD8U;
}

std::string record(const std::string& data) {
  std::string out;
  put_fixed(out, std::uint64_t{data.size()});
  put_fixed(out, masked_checksum(out));
  out += data;
  put_fixed(out, masked_checksum(data));
  return out;
}

std::string event_at(double wall_time) {
  std::string out;
  put_key(out, Event::wall_time, Wire::fixed64);
  put_fixed(out, std::bit_cast<std::uint64_t>(wall_time));
  return out;
}

void put_scalar(std::string& summary, const std::string& tag, double number) {
  std::string value;
  put_bytes(value, Value::tag, tag);
  put_key(value, Value::simple_value, Wire::fixed32);
  put_fixed(value, std::bit_cast<std::uint32_t>(static_cast<float>(number)));
  put_bytes(summary, Summary::value, value);
}

void put_score(std::string& summary, const std::string& part, const Score& score) {
  put_scalar(summary, "loss/" + part, score.loss);
  if (!std::isnan(score.accuracy)) put_scalar(summary, "accuracy/" + part, score.accuracy);
}

double seconds_of(const std::string& date) {
  std::tm utc{};
  if (strptime(date.c_str(), "%Y-%m-%dT%H:%M:%SZ", &utc) == nullptr) return 0;
  return static_cast<double>(timegm(&utc));
}

}  // namespace

std::string first_event(double wall_time) {
  std::string out = event_at(wall_time);
  put_bytes(out, Event::file_version, "brain.Event:2");
  return record(out);
}

std::string event(const EpochResult& row, double wall_time) {
  std::string summary;
  put_score(summary, "train", row.train);
  if (row.validation) put_score(summary, "validation", *row.validation);
  if (row.test) put_score(summary, "test", *row.test);
  std::string out = event_at(wall_time);
  put_key(out, Event::step, Wire::varint);
  put_varint(out, static_cast<std::uint64_t>(row.epoch));
  put_bytes(out, Event::summary, summary);
  return record(out);
}

std::string event_file(std::span<const EpochResult> rows, const std::string& date) {
  double now = seconds_of(date);
  std::string out = first_event(now);
  for (const EpochResult& row : rows) {
    now += row.seconds;
    out += event(row, now);
  }
  return out;
}

}  // namespace actfn::lab
