// SPDX-License-Identifier: Apache-2.0
#include <actfn/c.h>

#include <actfn/prepared.h>
#include <actfn/target.h>
#include <actfn/version.h>

#include "catalogue/error.h"
#include "catalogue/grammar.h"
#include "kernels/type.h"

#include <algorithm>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>

struct actfn_activation {
  actfn::internal::PreparedActivation f;
};
struct actfn_rows {
  actfn::internal::PreparedRows f;
};
struct actfn_gate {
  actfn::internal::PreparedGate f;
};

namespace {

using actfn::Type;

actfn::functions::WithAccuracy text_of(const char* spec) {
  return actfn::functions::with_accuracy(spec == nullptr ? "" : spec);
}

Type type_of(actfn_type type) {
  switch (type) {
    case ACTFN_FLOAT32:
      return Type::float32;
    case ACTFN_FLOAT64:
      return Type::float64;
    case ACTFN_BFLOAT16:
      return Type::bfloat16;
    case ACTFN_FLOAT16:
      return Type::float16;
  }
  actfn::fail("actfn_type", {"there is no type with the number ", static_cast<int>(type)});
}

Type type_of_rows(actfn_type given) {
  const Type type = type_of(given);
  if (actfn::kernels::size_of(type) >= 4) return type;
  actfn::fail("actfn_rows_new", {"type must be float32 or float64, got ", actfn::type_name(type)});
}

void write(std::string_view text, char* error, std::size_t capacity) {
  if (capacity == 0) return;
  const std::size_t n = std::min(text.size(), capacity - 1);
  std::memcpy(error, text.data(), n);
  error[n] = '\0';
}

// What make() prepares; null, and a text, where it throws.
template <class Handle, class Make>
Handle* prepared(char* error, std::size_t capacity, const Make& make) noexcept {
  try {
    return new Handle{make()};
  } catch (const std::bad_alloc&) {
    write("[actfn] out of memory", error, capacity);
  } catch (const std::exception& failure) {
    write(failure.what(), error, capacity);
  }
  return nullptr;
}

}  // namespace

actfn_activation* actfn_activation_new(const char* spec, actfn_type type, int threads, char* error,
                                       size_t capacity) {
  return prepared<actfn_activation>(error, capacity, [&] {
    const auto [text, accuracy] = text_of(spec);
    const actfn::Activation f = actfn::parse(text);
    return actfn::internal::PreparedActivation({f, accuracy}, type_of(type), {.count = threads});
  });
}
void actfn_activation_forward(const actfn_activation* f, const void* x, void* y, size_t n) {
  f->f.forward(x, y, n);
}
void actfn_activation_derivative(const actfn_activation* f, const void* x, void* dydx, size_t n) {
  f->f.derivative(x, dydx, n);
}
void actfn_activation_backward(const actfn_activation* f, const void* x, const void* dy, void* dx,
                               size_t n) {
  f->f.backward(x, dy, dx, n);
}
void actfn_activation_free(actfn_activation* f) { delete f; }

actfn_rows* actfn_rows_new(const char* spec, actfn_type type, size_t length, int threads,
                           char* error, size_t capacity) {
  return prepared<actfn_rows>(error, capacity, [&] {
    const auto [text, accuracy] = text_of(spec);
    const actfn::RowActivation f = actfn::parse_row_activation(text);
    return actfn::internal::PreparedRows({f, accuracy}, type_of_rows(type), length,
                                         {.count = threads});
  });
}
void actfn_rows_forward(const actfn_rows* f, const void* x, void* y, size_t rows) {
  f->f.forward(x, y, rows);
}
void actfn_rows_backward(const actfn_rows* f, const void* y, const void* dy, void* dx,
                         size_t rows) {
  f->f.backward(y, dy, dx, rows);
}
void actfn_rows_free(actfn_rows* f) { delete f; }

actfn_gate* actfn_gate_new(const char* spec, actfn_type type, int threads, char* error,
                           size_t capacity) {
  return prepared<actfn_gate>(error, capacity, [&] {
    const auto [text, accuracy] = text_of(spec);
    const actfn::Gate f = actfn::parse_gate(text);
    return actfn::internal::PreparedGate({f, accuracy}, type_of(type), {.count = threads});
  });
}
void actfn_gate_forward(const actfn_gate* f, const void* a, const void* b, void* y, size_t n) {
  f->f.forward(a, b, y, n);
}
void actfn_gate_backward(const actfn_gate* f, const void* a, const void* b, const void* dy,
                         void* da, void* db, size_t n) {
  f->f.backward(a, b, dy, da, db, n);
}
void actfn_gate_free(actfn_gate* f) { delete f; }

const char* actfn_version(void) { return ACTFN_VERSION; }

const char* actfn_target(void) {
  try {
    return actfn::target().data();  // a string literal
  } catch (const std::exception&) {
    return nullptr;
  }
}
