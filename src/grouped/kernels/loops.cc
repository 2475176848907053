#include "grouped/kernels/loops.h"

#include <actfn/grouped.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "grouped/kernels/loops.cc"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "grouped/kernels/grouped_file.h"
#include "kernels/for_lanes.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

#include "grouped/functions.inc"

template <class T>
void CreluForward(const T* x, T* first, T* second, std::size_t n) {
  ForLanes<One<T>, T, 1, 2>({x}, {first, second}, n, [](const auto& in, auto& out) HWY_ATTR {
    out[0] = GroupedMath<Crelu>::First(in[0]);
    out[1] = GroupedMath<Crelu>::Second(in[0]);
  });
}

template <class T>
void CreluBackward(const T* x, const T* dfirst, const T* dsecond, T* dx, std::size_t n) {
  ForLanes<One<T>, T, 3, 1>({x, dfirst, dsecond}, {dx}, n, [](const auto& in, auto& out) HWY_ATTR {
    out[0] = GroupedMath<Crelu>::Backward(in[0], in[1], in[2]);
  });
}

template <class T>
void MaxoutForward(const T* x, T k, T* largest, T* index, std::size_t n) {
  ForLanes<One<T>, T, 3, 2>({x, largest, index}, {largest, index}, n,
                            [k](const auto& in, auto& out) HWY_ATTR {
                              out[0] = in[1];
                              out[1] = in[2];
                              GroupedMath<Maxout>::Compare(in[0], One<T>(k), out[0], out[1]);
                            });
}

template <class T>
void MaxoutBackward(const T* largest, const T* index, T k, const T* dy, T* dx, std::size_t n) {
  ForLanes<One<T>, T, 3, 1>({largest, index, dy}, {dx}, n, [k](const auto& in, auto& out) HWY_ATTR {
    out[0] = GroupedMath<Maxout>::Backward(in[0], in[1], One<T>(k), in[2]);
  });
}

template <class T>
inline constexpr grouped::Arithmetic<T> kArithmetic = {CreluForward<T>, CreluBackward<T>,
                                                       MaxoutForward<T>, MaxoutBackward<T>};

}  // namespace

#if HWY_TARGET == HWY_SSE4 && (HWY_TARGETS & HWY_EMU128)
// loops() gives the portable code instead, to keep the library small.
inline constexpr grouped::Loops kGroupedLoops = {};
#else
inline constexpr grouped::Loops kGroupedLoops = {kArithmetic<float>, kArithmetic<double>};
#endif

}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
#include "kernels/collect.h"

namespace actfn::grouped {

const Loops& loops(kernels::Target target) {
  static constexpr auto kAll = ACTFN_PER_TARGET(const Loops*, &, kGroupedLoops);
  const Loops& own = *kAll[static_cast<std::size_t>(target)];
  return own.of_float.crelu != nullptr ? own : loops(kernels::Target::emu128);
}

}  // namespace actfn::grouped
#endif
