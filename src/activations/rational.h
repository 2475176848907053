// SPDX-License-Identifier: Apache-2.0
// The rational activation, or Padé activation unit.
#include "editor/function_file.h"

template <>
struct Math<Rational> {
  static constexpr Facts kFacts = {
      .title = "Rational",
      .formula =
          "(a0 + a1 x + a2 x^2 + a3 x^3 + a4 x^4 + a5 x^5) / (1 + |s|), s = b1 x + b2 x^2 + b3 "
          "x^3 + b4 x^4",
      .derivative =
          "(p' q - p q') / q^2, where f = p / q; |s|' counts as 0 where s = 0, as at x = 0",
      .source = "Molina, Schramowski & Kersting 2020, arXiv:1907.06732, the safe PAU",
      .use =
          "A quotient of polynomials whose ten coefficients are learned, so that the network "
          "finds its own activation; it starts near leaky_relu. It can fit better with fewer "
          "layers, and it is dear: keep an eye on weight decay and on inputs far from 0, where "
          "the leading coefficients decide.",
      .note =
          "Version B of the package rational-activations; there version A has 1 + |b1 x| + |b2 "
          "x^2| + ... below, and version C 0.1 + |b0 + b1 x + ...|. The defaults are the "
          "package's for leaky_relu(0.01), which they fit on [-3, 3]: far out they are a line of "
          "slope 0.505 on both sides.",
  };
  static constexpr auto kParameters = std::tuple{Parameter<&Rational::a0>{"a0", Condition::finite},
                                                 Parameter<&Rational::a1>{"a1", Condition::finite},
                                                 Parameter<&Rational::a2>{"a2", Condition::finite},
                                                 Parameter<&Rational::a3>{"a3", Condition::finite},
                                                 Parameter<&Rational::a4>{"a4", Condition::finite},
                                                 Parameter<&Rational::a5>{"a5", Condition::finite},
                                                 Parameter<&Rational::b1>{"b1", Condition::finite},
                                                 Parameter<&Rational::b2>{"b2", Condition::finite},
                                                 Parameter<&Rational::b3>{"b3", Condition::finite},
                                                 Parameter<&Rational::b4>{"b4", Condition::finite}};

  // The definition as written, for the oracle: T has more precision and carries derivatives.
  template <class T>
  static T Reference(const Rational& f, const T& x) {
    const T p = f.a0 + x * (f.a1 + x * (f.a2 + x * (f.a3 + x * (f.a4 + x * f.a5))));
    const T s = x * (f.b1 + x * (f.b2 + x * (f.b3 + x * f.b4)));
    return s < 0 ? p / (1 - s) : s > 0 ? p / (1 + s) : p;
  }

  // a1 x and a parabola, where a0 is 0: (a2 ∓ a1 |b1|) x^2, by the sign of x.
  static int NearestSide(const Rational& f, double x) {
    const double bend = f.a2 - std::copysign(std::abs(f.b1), x) * f.a1;
    const bool is_line = f.a0 == 0 && std::abs(bend * x) < 0x1p-60 * std::abs(f.a1);
    return is_line ? (bend > 0) - (bend < 0) : 0;
  }

  // Numerators as polynomials. Those of derivatives are multiplied out: p' q - p q' would cancel
  // where f goes on like a line or a constant. They differ by the sign of s.
  struct Forms {
    Series p, s;               // s over x
    Series plus, minus, flat;  // of a derivative, where s > 0, s < 0, s = 0
    int p_degree, s_degree, degree;
  };

  template <Order order>
  static Forms Prepare(const Rational& f) {
    Forms forms = {
        {{f.a0, f.a1, f.a2, f.a3, f.a4, f.a5}}, {{f.b1, f.b2, f.b3, f.b4}}, {}, {}, {}, 0, 0, 0};
    forms.p_degree = forms.p.Degree();
    const int last = forms.s.Degree();
    forms.s_degree = forms.s.hi[last] == 0 ? 0 : last + 1;
    if constexpr (order == Order::derivative) {
      AddTerms<1>(forms, [](int i, int j, int) { return i - j; });
    } else if constexpr (order == Order::second_derivative) {
      // p'' q^2 - 2 p' q' q - p q'' q + 2 p q'^2, even in j and k: what cancels has weight 0.
      AddTerms<2>(forms, [](int i, int j, int k) {
        return i * (i - 1) - i * (j + k) - (j * (j - 1) + k * (k - 1)) / 2 + 2 * j * k;
      });
    }
    return forms;
  }

  template <class N>
  static HWY_INLINE auto Value(const Forms& f, const N& x) {
    const SeriesArgument<N> at = SeriesArgumentOf(x);
    const N ratio = SumOf(f.p, f.p_degree, at) / DenominatorOf(f, at);
    const auto y = Round(FarPower(at, f.p_degree - f.s_degree) * ratio);
    // With its sign where f passes through 0.
    const auto at_zero = f.p.hi[0] == 0 ? f.p.hi[1] * Leading(x) : LaneOf<N>(f.p.hi[0]);
    return Select(Leading(x) == 0, at_zero, y);
  }

  template <class N>
  static HWY_INLINE auto Derivative(const Forms& f, const N& x) {
    return Slope(f, x, 2);
  }

  template <class N>
  static HWY_INLINE auto SecondDerivative(const Forms& f, const N& x) {
    return Slope(f, x, 3);
  }

  static constexpr std::string_view kLearnable[] = {"a0", "a1", "a2", "a3", "a4",
                                                    "a5", "b1", "b2", "b3", "b4"};

  template <class N, std::size_t k>
  static HWY_INLINE auto ParameterDerivative(const Forms& f, const N& x, ParameterIndex<k>) {
    constexpr int kPower = k < 6 ? k : k - 5;
    return k < 6 ? ByNumerator(f, x, kPower) : ByDenominator(f, x, kPower);
  }

 private:
  // Adds weight(i, j, k) p_i q_j q_k for the n-th derivative's numerator over q^(n+1), where the
  // first has no q_k.
  template <int n, class Weight>
  static void AddTerms(Forms& f, const Weight& weight) {
    const int most_k = n == 1 ? 0 : f.s_degree;
    for (int i = 0; i <= f.p_degree; ++i) {
      for (int j = 0; j <= f.s_degree; ++j) {
        for (int k = 0; k <= most_k; ++k) {
          const int w = weight(i, j, k);
          if (w != 0) AddTerm(f, i + j + k - n, f.p.hi[i], j, k, w);
        }
      }
    }
    f.degree = std::max(f.plus.Degree(), f.minus.Degree());
  }

  // q is 1 + s or 1 - s.
  static void AddTerm(Forms& f, int power, double a, int j, int k, int weight) {
    const double b = j == 0 ? 1 : f.s.hi[j - 1];
    const double c = k == 0 ? 1 : f.s.hi[k - 1];
    const bool odd = (j > 0) != (k > 0);
    f.plus.Add(power, weight, a, b, c);
    f.minus.Add(power, odd ? -weight : weight, a, b, c);
    if (j == 0 && k == 0) f.flat.Add(power, weight, a, b, c);
  }

  // 1 + |s|; over x^s_degree where |x| > 1.
  template <class N>
  static ACTFN_LONG_PIECE N DenominatorOf(const Forms& f, const SeriesArgument<N>& at) {
    const N sum = SumOf(f.s, std::max(f.s_degree - 1, 0), at);
    const N s = Select(at.near, sum * at.v, sum);
    const N q = Select(at.near, N(1), PowerOf(Abs(at.v), f.s_degree)) + Abs(s);
    if (f.s_degree % 2 == 0) return q;
    return Select(Or(at.near, Leading(at.x) > 0), q, -q);
  }

  // A number of the sign of s. At 1/x its roots would be missed; below 2^-300 and beyond 2^280 one
  // term decides, and the others would be out of range.
  template <class N>
  static ACTFN_LONG_PIECE LaneOf<N> SignOf(const Forms& f, const SeriesArgument<N>& at) {
    const auto x = Leading(at.x);
    const auto size = Clamp(Abs(x), 0x1p-300, 0x1p280);
    const SeriesArgument<N> direct = {at.x, N(CopySign(size, x)), size > 0, at.infinite};
    const auto sum = Leading(SumOf(f.s, 3, direct));
    return SelectOrZero(Or(x > 0, x < 0), Select(x > 0, sum, -sum));
  }

  // A derivative of f, which has q^n below.
  template <class N>
  static ACTFN_LONG_PIECE LaneOf<N> Slope(const Forms& f, const N& x, int n) {
    const SeriesArgument<N> at = SeriesArgumentOf(x);
    const LaneOf<N> sign = SignOf(f, at);
    N above = SumOf(f.plus, f.degree, at);
    if (AnyOf(sign < 0)) above = Select(sign < 0, SumOf(f.minus, f.degree, at), above);
    if (AnyOf(sign == 0)) above = Select(sign == 0, SumOf(f.flat, f.degree, at), above);
    const N below = PowerOf(DenominatorOf(f, at), n);
    return Round(FarPower(at, f.degree - n * f.s_degree) * (above / below));
  }

  // x^i / q
  template <class N>
  static ACTFN_LONG_PIECE LaneOf<N> ByNumerator(const Forms& f, const N& x, int i) {
    const SeriesArgument<N> at = SeriesArgumentOf(x);
    const N power = Select(at.near, PowerOf(at.v, i), N(1));
    return Round(FarPower(at, i - f.s_degree) * (power / DenominatorOf(f, at)));
  }

  // -p x^j sign(s) / q^2
  template <class N>
  static ACTFN_LONG_PIECE LaneOf<N> ByDenominator(const Forms& f, const N& x, int j) {
    const SeriesArgument<N> at = SeriesArgumentOf(x);
    const LaneOf<N> sign = SignOf(f, at);
    const N below = DenominatorOf(f, at);
    const N p = SumOf(f.p, f.p_degree, at) * Select(at.near, PowerOf(at.v, j), N(1));
    const N ratio = p / (below * below);
    const auto y = Round(FarPower(at, f.p_degree + j - 2 * f.s_degree) * ratio);
    return Select(sign == 0, 0, Select(sign < 0, y, -y));
  }
};
