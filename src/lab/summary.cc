#include "lab/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace actfn::lab {
namespace {

void include(Spread& s, double v) {
  s.least = s.count == 0 ? v : std::min(s.least, v);
  s.most = s.count == 0 ? v : std::max(s.most, v);
  s.mean += (v - s.mean) / (s.count + 1);
  ++s.count;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

Summary summarize_one(const std::string& activation, const std::vector<EpochResult>& epochs) {
  Summary summary;
  summary.activation = activation;
  std::map<std::uint64_t, const EpochResult*> last;
  std::vector<double> later;
  std::vector<double> all;
  for (const auto& e : epochs) {
    if (e.activation != activation) continue;
    last[e.seed] = &e;
    all.push_back(e.seconds);
    if (e.epoch > 1) later.push_back(e.seconds);
  }
  for (const auto& [seed, e] : last) {
    include(summary.train_loss, e->train_loss);
    include(summary.test_loss, e->test_loss);
    include(summary.test_accuracy, e->test_accuracy);
  }
  summary.seconds = median(later.empty() ? all : later);
  return summary;
}

}  // namespace

std::vector<Summary> summarize(const Comparison& comparison) {
  std::vector<Summary> all;
  for (const auto& activation : comparison.settings.activations) {
    Summary one = summarize_one(to_string(activation), comparison.epochs);
    if (one.train_loss.count > 0) all.push_back(std::move(one));
  }
  return all;
}

std::string spread_text(const Spread& s, int decimals) {
  const auto text = [decimals](double v) {
    if (std::isnan(v)) return std::string("nan");
    return std::abs(v) < 1e5 ? fmt::format("{:.{}f}", v, decimals) : fmt::format("{:.3g}", v);
  };
  if (s.count < 2) return text(s.mean);
  return fmt::format("{} ({}–{})", text(s.mean), text(s.least), text(s.most));
}

}  // namespace actfn::lab
