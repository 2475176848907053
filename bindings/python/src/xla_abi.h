// SPDX-License-Identifier: Apache-2.0
// What is used of XLA's binary interface for functions that it calls (xla/ffi/api/c_api.h). Its own
// header would say the same, but building would need jaxlib then. The fields here are those of all
// versions 0.x; newer ones have more behind them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace actfn::python::xla {

struct Extension {
  std::size_t size;
  int type;
  Extension* next;
};
inline constexpr int kMetadata = 1;

struct Version {
  std::size_t size;
  Extension* extensions;
  int major;
  int minor;
};

struct Metadata {
  std::size_t size;
  Version version;
  std::uint32_t traits;
};

struct MetadataExtension {
  Extension base;
  Metadata* metadata;
};

struct Failure;  // XLA's own

struct FailureArguments {
  std::size_t size;
  Extension* extensions;
  const char* message;
  int code;
};
inline constexpr int kInvalidArgument = 3;

struct Interface {
  std::size_t size;
  Extension* extensions;
  Version version;
  const void* internal;
  Failure* (*make_failure)(FailureArguments*);
};

enum class DataType : int { pred = 1, u32 = 8, f16 = 10, f32 = 11, f64 = 12, bf16 = 16 };

struct Buffer {
  std::size_t size;
  Extension* extensions;
  DataType type;
  void* data;
  std::int64_t rank;
  std::int64_t* lengths;
};

struct Buffers {
  std::size_t size;
  Extension* extensions;
  std::int64_t count;
  int* kinds;
  Buffer** items;
};

struct Text {
  const char* data;
  std::size_t size;
};

struct Scalar {
  int type;
  const void* value;
};

enum class AttributeKind : int { array = 1, dictionary, scalar, text };

struct Attributes {
  std::size_t size;
  Extension* extensions;
  std::int64_t count;
  AttributeKind* kinds;
  Text** names;
  void** values;
};

inline constexpr int kExecute = 3;  // the stage in which arguments have numbers

struct Call {
  std::size_t size;
  Extension* extensions;
  const Interface* interface;
  void* context;
  int stage;
  Buffers arguments;
  Buffers results;
  Attributes attributes;
};

}  // namespace actfn::python::xla
