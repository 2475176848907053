// Every function of src/rows for every instruction set. They are in one file so that shared code is
// compiled once.
#include "rows/kernels/table.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "rows/kernels/table.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "rows/kernels/row_math.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

#include "rows/functions.inc"

// The file of a function. Where it is missing, the compiler's message names the function:
// "RowFile<F>".
template <class F>
struct RowFile {
  static_assert(
      requires { sizeof(RowMath<F>); },
      "F is listed in include/actfn/rows.h and needs src/rows/NAME.h, NAME being F in snake_case");
  using Math = RowMath<F>;
};

// The kernels of one function of RowActivation, which cast its parameters back to their type.
template <class F>
struct Untyped {
  using Math = typename RowFile<F>::Math;

  template <class T>
  static void Forward(const void* f, const T* x, T* y, std::size_t n, Stores stores) {
    Math::Forward(*static_cast<const F*>(f), x, y, n, stores);
  }
  template <class T>
  static void Backward(const void* f, const T* y, const T* dy, T* dx, std::size_t n,
                       Stores stores) {
    Math::Backward(*static_cast<const F*>(f), y, dy, dx, n, stores);
  }
  static void Twice(const void* f, const rows::DoubleBackward& arrays, std::size_t n) {
    Math::DoubleBackward(*static_cast<const F*>(f), arrays, n);
  }

  static constexpr rows::RowKernels Kernels() {
    return {{Forward<float>, Backward<float>}, {Forward<double>, Backward<double>}, Twice};
  }
};

// The argument only carries the list's type.
template <class... F>
constexpr std::array<rows::RowKernels, sizeof...(F)> KernelsOf(const std::variant<F...>* /*list*/) {
  return {Untyped<F>::Kernels()...};
}

// Reductions have no parameters.
template <class... F>
constexpr std::array<rows::ReductionKernels, sizeof...(F)> KernelsOfReductions(
    const std::variant<F...>* /*list*/) {
  return {rows::ReductionKernels{RowFile<F>::Math::template Forward<float>,
                                 RowFile<F>::Math::template Forward<double>,
                                 RowFile<F>::Math::Backward}...};
}

// Without fused multiply-adds the portable code is as fast, so SSE4 uses it.
constexpr bool kLeaveToPortable = HWY_TARGET == HWY_SSE4 && (HWY_TARGETS & HWY_EMU128) != 0;

constexpr rows::Table TableOf() {
  if constexpr (kLeaveToPortable) {
    return {};
  } else {
    return {KernelsOf(static_cast<const RowActivation*>(nullptr)),
            KernelsOfReductions(static_cast<const RowReduction*>(nullptr)),
            RowMath<Softmax1>::SinkGradient};
  }
}

}  // namespace

constexpr rows::Table kTable = TableOf();

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "catalogue/describe.h"
#include "kernels/collect.h"

#include <algorithm>

namespace actfn::functions {
#include "rows/describe.inc"
}  // namespace actfn::functions

namespace actfn::rows {
namespace {

template <class Math>
constexpr double kExcludedOf = [] {
  if constexpr (requires { Math::kExcluded; }) {
    return Math::kExcluded;
  } else {
    return -std::numeric_limits<double>::infinity();
  }
}();

template <class... F>
constexpr std::array<double, sizeof...(F)> all_excluded(const std::variant<F...>* /*list*/) {
  return {kExcludedOf<HWY_NAMESPACE::RowMath<F>>...};
}

}  // namespace

double excluded_of(const RowActivation& f) {
  static constexpr auto kAll = all_excluded(static_cast<const RowActivation*>(nullptr));
  return kAll[f.index()];
}

template <class T>
void fill_shares(const T* x, T largest, T share, T none, T* y, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) y[i] = x[i] == largest ? share : none;
}
template void fill_shares(const float*, float, float, float, float*, std::size_t);
template void fill_shares(const double*, double, double, double, double*, std::size_t);

template <class T>
std::size_t count_of(const T* x, T value, std::size_t n) {
  return static_cast<std::size_t>(std::count(x, x + n, value));
}
template std::size_t count_of(const float*, float, std::size_t);
template std::size_t count_of(const double*, double, std::size_t);

const Table& table(kernels::Target target) {
  static constexpr auto kAll = ACTFN_PER_TARGET(const Table*, &, kTable);
  const Table* const own = kAll[static_cast<std::size_t>(target)];
  if (own->softmax1_by_sink != nullptr) return *own;
  return *kAll[static_cast<std::size_t>(kernels::Target::emu128)];
}

}  // namespace actfn::rows
#endif
