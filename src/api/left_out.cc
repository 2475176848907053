// SPDX-License-Identifier: Apache-2.0
// The functions that ACTFN_FUNCTIONS leaves out (cmake/ActfnChoice.cmake). Calls with one throw.
#include "catalogue/left_out.h"
#include "gated/kernels/definition.h"
#include "gated/kernels/loops.h"
#include "grouped/kernels/loops.h"
#include "learned/kernels/prelu.h"
#include "random/kernels/table.h"
#include "rows/kernels/table.h"

#include <string_view>

namespace actfn {
namespace functions {
namespace {

template <class F>
[[noreturn]] void fail_call() {
  const std::string_view name = descriptor_of<F>().info.name;
  fail_left_out(name, name);
}

// The name, the kind and the list.
template <class F>
constexpr Descriptor describe(Kind kind, std::string_view name) {
  return {{{}, kind, name, {}, {}, ListFor<F>()},
          [](const void*) -> std::string_view { fail_call<F>(); },
          [](const void*) -> Lengths { fail_call<F>(); },
          [](void*) -> void* { fail_call<F>(); },
          sizeof(F)};
}

}  // namespace

#define ACTFN_LEFT_OUT(kind, F, name)                                   \
  template <>                                                           \
  const Descriptor& descriptor_of<F>() {                                \
    static const Descriptor descriptor = describe<F>(Kind::kind, name); \
    return descriptor;                                                  \
  }
#include "activations/left_out.inc"
#include "gated/left_out.inc"
#include "grouped/left_out.inc"
#include "learned/left_out.inc"
#include "random/left_out.inc"
#include "rows/left_out.inc"
#undef ACTFN_LEFT_OUT

}  // namespace functions

namespace kernels {
namespace {

// Every call reads the descriptor before it reads anything else of an entry.
template <class F>
const functions::Descriptor& left_out() {
  functions::fail_call<F>();
}

template <class F>
constexpr EntryOf<functions::ListFor<F>> make_entry() {
  EntryOf<functions::ListFor<F>> entry = {};
  entry.descriptor = left_out<F>;
  return entry;
}
template <class F>
constexpr GradientsOf<functions::ListFor<F>> make_gradients() {
  return {};
}

template <class F, Accuracy accuracy>
constexpr bool kOwnValues = false;
template <class F, Accuracy accuracy>
constexpr bool kOwnGradients = false;
template <class F, Accuracy accuracy>
constexpr EntryOf<Activation> make_entry() {
  return make_entry<F>();
}
template <class F, Accuracy accuracy>
constexpr GradientsOf<Activation> make_gradients() {
  return make_gradients<F>();
}

}  // namespace
}  // namespace kernels

#define ACTFN_LEFT_OUT(kind, F, name) ACTFN_ENTRY(F)
#include "activations/left_out.inc"
#include "gated/left_out.inc"
#include "random/left_out.inc"
#include "rows/left_out.inc"
#undef ACTFN_LEFT_OUT
#define ACTFN_LEFT_OUT(kind, F, name) ACTFN_GRADIENTS(F)
#include "activations/left_out.inc"
#include "rows/left_out.inc"
#undef ACTFN_LEFT_OUT
// Behind those of accurate, which they name.
#define ACTFN_LEFT_OUT(kind, F, name)                     \
  ACTFN_ENTRY_AT(F, Accuracy::fast, "fast")               \
  ACTFN_ENTRY_AT(F, Accuracy::nearest, "nearest")         \
  ACTFN_GRADIENTS_AT(F, Accuracy::fast, "fast_gradients") \
  ACTFN_GRADIENTS_AT(F, Accuracy::nearest, "nearest_gradients")
#include "activations/left_out.inc"
#undef ACTFN_LEFT_OUT

// What a kind shares is not built where all of the kind is left out, and is not reached.
#ifdef ACTFN_WITHOUT_ROWS
rows::SinkGradient& rows::softmax1_by_sink(kernels::Target /*target*/) {
  functions::fail_call<Softmax1>();
}
#endif
#ifdef ACTFN_WITHOUT_GATED
const gated::Loops& gated::loops(kernels::Target /*target*/) { functions::fail_call<Gated>(); }
#endif
#ifdef ACTFN_WITHOUT_RANDOM
const random::Table& random::table(kernels::Target /*target*/) { functions::fail_call<Dropout>(); }
#endif
#ifdef ACTFN_WITHOUT_LEARNED
const learned::PreluTable& learned::prelu_loops(kernels::Target /*target*/) {
  functions::fail_call<Prelu>();
}
#endif
#ifdef ACTFN_WITHOUT_GROUPED
const grouped::Loops& grouped::loops(kernels::Target /*target*/) { functions::fail_call<Crelu>(); }
#endif

}  // namespace actfn
