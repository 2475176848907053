// SPDX-License-Identifier: Apache-2.0
// The kernels of one activation for the accuracies beside the default, and tables of them: included
// as derivative_loops.h is, behind it. Only float32 differs; entry.h says how other types get the
// tables of accurate. Each accuracy has sections of its own, so that programs which do not ask for
// it need not link it.

static_assert(!kHasFast<Order::derivative, OwnFunction> ||
                  kMayBeSingle<Order::derivative, OwnFunction, float>,
              "kFastOrders has the derivative, which kSingleOrders has not: FewOfFirst is empty");

[[maybe_unused]] ACTFN_CODE_OF("fast") static void FastValues(const void* f, const void* x, void* y,
                                                              std::size_t n) {
  if constexpr (kHasFast<Order::value, OwnFunction>) {
    MapSingle<Order::value, FewValues<OwnFunction>, FastLanes, OwnFunction>(f, x, y, n);
  }
}
[[maybe_unused]] ACTFN_CODE_OF("fast_gradients") static void FastBackward(const void* f,
                                                                          const void* x,
                                                                          const void* dy, void* dx,
                                                                          std::size_t n) {
  if constexpr (kHasFast<Order::derivative, OwnFunction>) {
    BackwardSingle<Order::derivative, FewOfFirst, FastLanes, OwnFunction>(f, x, dy, dx, n);
  }
}
[[maybe_unused]] ACTFN_CODE_OF("fast_gradients") static void FastSlopes(const void* f,
                                                                        const void* x, void* y,
                                                                        std::size_t n) {
  kernels::derivative_by_backward<float>(FastBackward, f, x, y, n);
}

// The derivatives of float32. value_and_derivative is null, because accurate's loop gives
// accurate's values: callers compute the two one after the other.
template <bool own_slopes>
constexpr kernels::Derivatives DerivativesAt() {
  kernels::Derivatives all = kOfFloat;
  all.value_and_derivative = nullptr;
  if (own_slopes) {
    all.derivative = FastSlopes;
    all.backward = FastBackward;
  }
  return all;
}

template <class A>
constexpr int (*SideOf())(const void*, double) {
  if constexpr (requires(const A& p) { Math<A>::NearestSide(p, 0.0); }) {
    return
        [](const void* f, double x) { return Math<A>::NearestSide(*static_cast<const A*>(f), x); };
  } else {
    return nullptr;
  }
}
template <class A>
constexpr std::span<const kernels::Exception> ExceptionsOf() {
  if constexpr (requires { Math<A>::kNearestExceptions; }) {
    return Math<A>::kNearestExceptions;
  } else {
    return {};
  }
}
template <class A>
bool IsDefault(const void* f) {
  if constexpr (std::is_default_constructible_v<A>) return *static_cast<const A*>(f) == A{};
  return false;
}

// The values in float64, of which nearest rounds what nothing else decides. Math<A>::DecidedBy has
// another formula for that, where float32 reads a constant that is not that of float64.
template <class A>
constexpr kernels::Map DoublesOf() {
  if constexpr (requires { typename Math<A>::DecidedBy; }) {
    return DecidingLoop<A>;
  } else {
    return ValueLoop<A, double>;
  }
}

[[maybe_unused]] ACTFN_DATA_OF("nearest") constexpr kernels::Deciding kDeciding = {
    DoublesOf<OwnFunction>(), SideOf<OwnFunction>(), ExceptionsOf<OwnFunction>(),
    IsDefault<OwnFunction>};

[[maybe_unused]] ACTFN_CODE_OF("nearest") HWY_NOINLINE
    static void DecideOwn(const void* f, const double* x, const double* below, double* y,
                          std::size_t n) {
  kernels::decide(kDeciding, f, x, below, y, n);
}
[[maybe_unused]] ACTFN_CODE_OF("nearest") static void NearestValues(const void* f, const void* x,
                                                                    void* y, std::size_t n) {
  if constexpr (kIsPrecise<OwnFunction>) {
    MapNearest<DecideOwn, OwnFunction>(f, x, y, n);
  } else {
    kernels::nearest_by_pairs(kDeciding, f, static_cast<const float*>(x), static_cast<float*>(y),
                              n);
  }
}

[[maybe_unused]] ACTFN_DATA_OF("fast") constexpr kernels::ForTypes<kernels::Map> kFastValues = {
    FastValues};
[[maybe_unused]] ACTFN_DATA_OF(
    "nearest") constexpr kernels::ForTypes<kernels::Map> kNearestValues = {NearestValues};
[[maybe_unused]] ACTFN_DATA_OF(
    "fast_gradients") constexpr kernels::ForTypes<kernels::Derivatives> kFastDerivatives = {
    DerivativesAt<kHasFast<Order::derivative, OwnFunction>>()};
[[maybe_unused]] ACTFN_DATA_OF(
    "nearest_gradients") constexpr kernels::ForTypes<kernels::Derivatives> kNearestDerivatives = {
    DerivativesAt<false>()};
