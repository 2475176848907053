// SPDX-License-Identifier: Apache-2.0
#include "lab/report_functions.h"

#include <actfn/catalogue.h>
#include <actfn/elementwise.h>

#include "lab/networks.h"
#include "lab/report_formula.h"
#include "lab/report_scale.h"
#include "lab/report_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::report {
namespace {

constexpr int kReach = 4;  // x from -4 to 4
constexpr std::size_t kSamplesPerUnit = 64;
constexpr std::size_t kSamplesPerReading = 4;
constexpr auto kSamples = static_cast<std::size_t>(2 * kReach) * kSamplesPerUnit + 1;
constexpr double kUnit = 26;  // pixels, on both axes: slopes look as steep as they are
// Between neighbours, a step this high is a jump and not a slope.
constexpr double kJump = 0.3;
constexpr double kOutside = 0.25;

using Samples = std::vector<float>;

struct Curve {
  const Series* series;
  std::string formula;
  Samples value;
  Samples slope;
  Samples bend;  // the second derivative
};

// The stretch of y that all plots show.
struct Window {
  double low = -1;
  double high = 1;

  void hold(const Samples& ys) {
    for (const float y : ys) {
      if (!std::isfinite(y)) continue;
      low = std::clamp<double>(y, -kReach, low);
      high = std::clamp<double>(y, high, kReach);
    }
  }
  double y(double v) const { return (high - v) * kUnit; }
  double height() const { return (high - low) * kUnit; }
};

double x_of(std::size_t i) { return (static_cast<double>(i) / kSamplesPerUnit) * kUnit; }

Samples inputs() {
  Samples x(kSamples);
  for (std::size_t i = 0; i < kSamples; ++i) {
    x[i] = static_cast<float>(i) / kSamplesPerUnit - kReach;
  }
  return x;
}

std::vector<Curve> sample(const Comparison& comparison, const Overview& overview) {
  const Samples x = inputs();
  std::vector<Curve> functions;
  for (const Series& series : overview.series) {
    const auto& curve = comparison.settings.activations[series.index].curve;
    if (!curve) continue;
    Curve f{&series, formula_of(Function(*curve)), x, x, x};
    forward(*curve, x, f.value);
    derivative(*curve, x, f.slope);
    second_derivative(*curve, x, f.bend);
    functions.push_back(std::move(f));
  }
  return functions;
}

// The pen is lifted outside of the window, at jumps, and where there is no finite value.
std::string path(const Samples& ys, const Window& window) {
  std::string d;
  bool pen_down = false;
  for (std::size_t i = 0; i < ys.size(); ++i) {
    const double y = ys[i];
    if (!std::isfinite(y) || y < window.low - kOutside || y > window.high + kOutside) {
      pen_down = false;
      continue;
    }
    if (pen_down && std::fabs(y - ys[i - 1]) > kJump) pen_down = false;
    d += (pen_down ? "L" : "M") + coordinate(x_of(i)) + " " + coordinate(window.y(y));
    pen_down = true;
  }
  return d;
}

std::string frame(const Window& window) {
  const double right = 2 * kReach * kUnit;
  const double middle = kReach * kUnit;
  std::string out;
  for (double v = std::ceil(window.low); v <= window.high; ++v) {
    const char* kind = v == 0 ? "axis" : "grid";
    out += fmt::format(R"(<path class="{}" d="M0 {}H{}"/>)", kind, coordinate(window.y(v)), right);
  }
  out += fmt::format(R"(<path class="axis" d="M{} 0V{}"/>)", middle, coordinate(window.height()));
  for (const int x : {-kReach, kReach}) {
    const double at = (x + kReach) * kUnit;
    out +=
        fmt::format(R"(<text class="tick {}" x="{}" y="{}">{}{}</text>)", x < 0 ? "left" : "right",
                    at, coordinate(window.y(0) + 12), x < 0 ? "−" : "", kReach);
  }
  return out + fmt::format(R"(<text class="tick y" x="{}" y="{}">1</text>)", middle - 4,
                           coordinate(window.y(1) + 4));
}

std::string short_number(double v) {
  std::string text = fmt::format("{:.3f}", v + 0.0);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  if (text == "-0") text = "0";
  return text[0] == '-' ? "−" + text.substr(1) : text;
}

// "f from −0.17 to 4"
std::string range(const char* name, const Samples& ys) {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const float v : ys) {
    if (!std::isfinite(v)) continue;
    low = std::min<double>(low, v);
    high = std::max<double>(high, v);
  }
  if (low > high) return fmt::format("{} not finite here", name);
  if (low == high) return fmt::format("{} {} throughout", name, short_number(low));
  return fmt::format("{} from {} to {}", name, short_number(low), short_number(high));
}

std::string numbers(const Samples& ys) {
  std::string out;
  for (std::size_t i = 0; i < ys.size(); i += kSamplesPerReading) {
    const std::string text = std::isfinite(ys[i]) ? fmt::format("{:.4g}", ys[i] + 0.0F) : "null";
    out += (i == 0 ? "" : ",") + text;
  }
  return out;
}

// For the script: f, f' and f'' at equal distances.
std::string readings(const Curve& f, const Window& window) {
  return fmt::format(
      R"(<script type="application/json">{{"reach":{},"unit":{},"high":{:.4g},"low":{:.4g},)"
      R"("f":[{}],"d":[{}],"s":[{}]}}</script>)",
      kReach, kUnit, window.high, window.low, numbers(f.value), numbers(f.slope), numbers(f.bend));
}

std::string picture(const Curve& f, const Window& window) {
  const Series& s = *f.series;
  return fmt::format(
      R"(<div class="graph" role="img" aria-label="{} and its derivative from −4 to 4; {}; {}">)"
      R"(<svg class="series {}" viewBox="-4 -6 {} {}" aria-hidden="true" focusable="false">{})"
      R"(<path class="slope" d="{}"/><path class="value" d="{}"/></svg></div>)",
      escape(s.name), range("f", f.value), range("f′", f.slope), look_classes(s.look),
      2 * kReach * kUnit + 8, coordinate(window.height() + 12), frame(window),
      path(f.slope, window), path(f.value, window));
}

std::string figure(const Curve& f, const Window& window) {
  const Series& s = *f.series;
  return fmt::format(R"(<figure class="function" data-s="{}"><figcaption><h3><code>{}</code></h3>)"
                     R"(<p class="formula">{}</p></figcaption>{})"
                     R"(<p class="ranges"><span>{}</span><span>{}</span></p>{}</figure>)",
                     s.index, breakable(s.name), escape(f.formula), picture(f, window),
                     range("f", f.value), range("f′", f.slope), readings(f, window));
}

// Neither learned nor random.
bool is_fixed(const nn::Layer& layer) {
  const auto* const f = std::get_if<Function>(&layer);
  return f != nullptr && std::holds_alternative<Activation>(*f);
}

// Learned and random functions are drawn as they begin, and as they are evaluated.
std::string notes(const Comparison& comparison) {
  std::vector<std::string> without;
  std::vector<std::string> reshaping;
  bool changing = false;
  const int width = widths_of(comparison.settings).front();
  for (std::size_t i = 0; i < comparison.networks.size(); ++i) {
    const Nonlinearity& n = comparison.settings.activations[i];
    changing |= n.curve && (n.layers.size() > 1 || !is_fixed(n.layers[0]));
    if (!n.curve) without.push_back(escape(n.name));
    if (nn::in_features_for(n.layers, width) != width) reshaping.push_back(escape(n.name));
  }
  std::string out;
  if (changing) {
    out += R"(<p class="hint">Learned functions are drawn as before training, random ones )"
           R"(without noise; of several functions in a row, only the first is drawn.</p>)";
  }
  if (!without.empty()) {
    out += R"(<p class="hint">Not drawn, because they are not functions of one number: )" +
           fmt::format("{}.</p>", fmt::join(without, ", "));
  }
  if (!reshaping.empty()) {
    out += R"(<p class="hint">The layer before these has another width, so that as many units )"
           R"(come out as of the others: )" +
           fmt::format("{}.</p>", fmt::join(reshaping, ", "));
  }
  return out;
}

}  // namespace

std::string function_plots(const Comparison& comparison, const Overview& overview) {
  const std::vector<Curve> functions = sample(comparison, overview);
  Window window;
  for (const Curve& f : functions) {
    window.hold(f.value);
    window.hold(f.slope);
  }
  std::string out = R"(<div class="functions">)";
  for (const Curve& f : functions) out += figure(f, window);
  return out + "</div>" + notes(comparison);
}

}  // namespace actfn::lab::report
