// SPDX-License-Identifier: Apache-2.0
// The loops of the derivatives of one activation, and a table of them. Included by each file that
// src/activations/activation.cc.in makes, for each instruction set, inside of a namespace for the
// activation: OwnFunction is its struct.

template <Order order, class T>
constexpr bool kHasMap =
    kDirect<order, OwnFunction, T> &&
    (order == Order::derivative ||
     (sizeof(T) >= 4 && (order == Order::second_derivative || kHasOutputForm<OwnFunction>)));
// Only functions with little arithmetic, or with float32 arithmetic, have their own loop: for
// others, a second pass over the data costs little.
template <Order order, class T>
constexpr bool kHasBackward =
    kDirect<order, OwnFunction, T> &&
    (kMayBeSingle<order, OwnFunction, T> || kHasHalfLoop<order, OwnFunction, T> ||
     (kNative<OwnFunction> &&
      (order == Order::derivative || (sizeof(T) == 2 && kHasOutputForm<OwnFunction>))));
// Whether the loop of backward serves for the derivative too: where there is much arithmetic, of
// which there would be two copies.
template <Order order, class T>
constexpr bool kByBackward =
    order != Order::second_derivative &&
    (kMayBeSingle<order, OwnFunction, T> || kHasHalfLoop<order, OwnFunction, T>);

// The loops of derivatives and a table of them. Both are in sections of their own, so that programs
// which call values only need not link them. They are not templates, because GCC ignores the
// sections of templates.
#define ACTFN_MAP(name, order, few, of_floats, backward, T)                                    \
  [[maybe_unused]] ACTFN_GRADIENT_CODE static void name(const void* f, const void* x, void* y, \
                                                        std::size_t n) {                       \
    if constexpr (kByBackward<order, T>) {                                                     \
      kernels::derivative_by_backward<T>(backward, f, x, y, n);                                \
    } else if constexpr (kHasHalfLoop<order, OwnFunction, T>) {                                \
      MapHalf<order, of_floats, OwnFunction, T>(f, x, y, n);                                   \
    } else if constexpr (kHasMap<order, T>) {                                                  \
      Map<order, few, OwnFunction, T>(f, x, y, n);                                             \
    }                                                                                          \
  }
#define ACTFN_BACKWARD(name, order, few, of_floats, T)                                             \
  [[maybe_unused]] ACTFN_GRADIENT_CODE static void name(const void* f, const void* x,              \
                                                        const void* dy, void* dx, std::size_t n) { \
    if constexpr (kHasHalfLoop<order, OwnFunction, T>) {                                           \
      BackwardHalf<order, of_floats, OwnFunction, T>(f, x, dy, dx, n);                             \
    } else if constexpr (kHasBackward<order, T>) {                                                 \
      Backward<order, few, OwnFunction, T>(f, x, dy, dx, n);                                       \
    }                                                                                              \
  }
#define ACTFN_FEW_MAP(name, order)                                                                 \
  [[maybe_unused]] ACTFN_GRADIENT_CODE HWY_NOINLINE static void name(const void* f, const void* x, \
                                                                     void* y, std::size_t n) {     \
    if constexpr (kMayBeSingle<order, OwnFunction, float>) {                                       \
      MapExactly<order, OwnFunction, float>(f, x, y, n);                                           \
    }                                                                                              \
  }
ACTFN_FEW_MAP(FewOfFirst, Order::derivative)
ACTFN_FEW_MAP(FewOfSecond, Order::second_derivative)
ACTFN_FEW_MAP(FewFromOutput, Order::derivative_from_output)
// Only for float32.
template <class T>
constexpr bool kHasBoth = std::is_same_v<T, float> && kSharesParts<OwnFunction>;
[[maybe_unused]] ACTFN_GRADIENT_CODE static void Both(const void* f, const void* x, void* y,
                                                      void* dydx, std::size_t n) {
  if constexpr (kHasBoth<float>) {
    MapBoth<OwnFunction>(f, x, y, dydx, n);
  }
}
[[maybe_unused]] ACTFN_GRADIENT_CODE static void FirstOfFloat(const void* f, const void* x, void* y,
                                                              std::size_t n);
[[maybe_unused]] ACTFN_GRADIENT_CODE static void FromOutputOfFloat(const void* f, const void* x,
                                                                   void* y, std::size_t n);
#define ACTFN_DERIVATIVES(OfT, T)                                                             \
  ACTFN_BACKWARD(Backward##OfT, Order::derivative, FewOfFirst, FirstOfFloat, T)               \
  ACTFN_BACKWARD(BackwardFromOutput##OfT, Order::derivative_from_output, FewFromOutput,       \
                 FromOutputOfFloat, T)                                                        \
  ACTFN_MAP(First##OfT, Order::derivative, FewOfFirst, FirstOfFloat, Backward##OfT, T)        \
  ACTFN_MAP(Second##OfT, Order::second_derivative, FewOfSecond, SecondOfFloat, nullptr, T)    \
  ACTFN_MAP(FromOutput##OfT, Order::derivative_from_output, FewFromOutput, FromOutputOfFloat, \
            BackwardFromOutput##OfT, T)                                                       \
  constexpr kernels::Derivatives k##OfT = {                                                   \
      kHasMap<Order::derivative, T> ? First##OfT : nullptr,                                   \
      kHasMap<Order::second_derivative, T> ? Second##OfT : nullptr,                           \
      kHasMap<Order::derivative_from_output, T> ? FromOutput##OfT : nullptr,                  \
      ParametersOf<OwnFunction, T>(),                                                         \
      kHasBackward<Order::derivative, T> ? Backward##OfT : nullptr,                           \
      kHasBackward<Order::derivative_from_output, T> ? BackwardFromOutput##OfT : nullptr,     \
      kHasBoth<T> ? Both : nullptr};
ACTFN_DERIVATIVES(OfFloat, float)
ACTFN_DERIVATIVES(OfDouble, double)
ACTFN_DERIVATIVES(OfBfloat16, bfloat16)
ACTFN_DERIVATIVES(OfFloat16, float16)
#undef ACTFN_DERIVATIVES
#undef ACTFN_FEW_MAP
#undef ACTFN_BACKWARD
#undef ACTFN_MAP
[[maybe_unused]] ACTFN_GRADIENT_DATA constexpr kernels::ForTypes<kernels::Derivatives>
    kDerivatives = {kOfFloat, kOfDouble, kOfBfloat16, kOfFloat16};
