#include "lab/compare.h"

#include <actfn/error.h>
#include <actfn/nn/init.h>

#include "catalogue/quote.h"
#include "lab/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

namespace actfn::lab {
namespace {

void require(bool holds, const std::string& what) {
  if (!holds) throw Error("[compare] " + what);
}

void require_at_least_1(const char* name, int value) {
  require(value >= 1, std::string(name) + " must be at least 1, got " + std::to_string(value));
}

template <class T>
void require_distinct(const char* name, const std::vector<T>& values) {
  std::set<T> seen;
  for (const T& value : values) {
    if constexpr (std::is_same_v<T, std::string>) {
      require(seen.insert(value).second, std::string(name) + " " + value + " is given twice");
    } else {
      require(seen.insert(value).second,
              std::string(name) + " " + std::to_string(value) + " is given twice");
    }
  }
}

// Sizes of arrays are ints in the passes, and what is larger would not fit into memory.
constexpr int kMostUnits = 1 << 15;
constexpr int kMostBatch = 1 << 16;
constexpr double kMostParameters = 1 << 27;
constexpr std::size_t kUsualInputs = 784;  // 28x28 pixels

void require_between(const char* name, int value, int most) {
  require(value >= 1 && value <= most,
          fmt::format("{} must be from 1 to {}, got {}", name, most, value));
}

void require_reasonable_size(const CompareSettings& s, std::size_t inputs) {
  require(!s.hidden.empty(), "there is no hidden layer");
  double parameters = 0;
  auto before = static_cast<double>(inputs);
  for (const int width : s.hidden) {
    require_between("hidden", width, kMostUnits);
    parameters += (before + 1) * width;
    before = width;
  }
  require(parameters <= kMostParameters,
          fmt::format("hidden layers with {:.3g} parameters are more "
                      "than {:.3g}",
                      parameters, kMostParameters));
  require_between("batch", s.batch, kMostBatch);
}

// Takes trainings from a common list until there are none.
class Runner {
 public:
  Runner(const CompareSettings& settings, const data::Dataset& data, const std::stop_token& stop,
         const std::function<void(const EpochResult&)>& done)
      : settings_(settings),
        data_(data),
        done_(done),
        list_(trainings(settings)),
        outer_(stop, [this] { stop_.request_stop(); }) {}

  void run(std::span<Live> live) {
    std::vector<std::jthread> jobs;
    const auto count = std::min(list_.size(), live.size());
    try {
      for (std::size_t i = 0; i < count; ++i) {
        jobs.emplace_back([this, &live, i] { work(live[i]); });
      }
    } catch (...) {  // no more threads to be had
      stop_.request_stop();
      throw;
    }
    jobs.clear();
    if (error_) std::rethrow_exception(error_);
  }

  std::vector<EpochResult> take_results() {
    const auto place = [this](const EpochResult& e) {
      const auto at = std::find_if(list_.begin(), list_.end(), [&e](const Training& t) {
        return t.seed == e.seed && to_string(t.activation) == e.activation;
      });
      return std::tuple(at - list_.begin(), e.epoch);
    };
    std::sort(results_.begin(), results_.end(),
              [&](const auto& a, const auto& b) { return place(a) < place(b); });
    return std::move(results_);
  }

 private:
  void work(Live& live) {
    for (auto i = next_++; i < list_.size() && !stop_.stop_requested(); i = next_++) {
      live.training.store(static_cast<int>(i));
      try {
        train(settings_, list_[i].activation, list_[i].seed, data_, live, stop_.get_token(),
              [this](const EpochResult& e) { record(e); });
      } catch (...) {
        const std::scoped_lock lock(mutex_);
        if (!error_) error_ = std::current_exception();
        stop_.request_stop();
      }
    }
    live.training.store(-1);
  }

  void record(const EpochResult& epoch) {
    const std::scoped_lock lock(mutex_);
    results_.push_back(epoch);
    done_(epoch);
  }

  const CompareSettings& settings_;
  const data::Dataset& data_;
  const std::function<void(const EpochResult&)>& done_;
  std::vector<Training> list_;
  std::atomic<std::size_t> next_{0};
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> outer_;
  std::mutex mutex_;  // guards what follows, and calls of done_
  std::vector<EpochResult> results_;
  std::exception_ptr error_;
};

}  // namespace

std::vector<Training> trainings(const CompareSettings& settings) {
  std::vector<Training> all;
  for (const auto& activation : settings.activations) {
    for (const auto seed : settings.seeds) all.push_back({activation, seed});
  }
  return all;
}

void validate(const CompareSettings& s) {
  require(!s.activations.empty(), "there is no activation to compare");
  require(!s.seeds.empty(), "there is no seed");
  std::vector<std::string> names;
  for (const auto& a : s.activations) names.push_back(to_string(a));
  require_distinct("activation", names);
  require_distinct("seed", s.seeds);
  require_at_least_1("epochs", s.epochs);
  require_at_least_1("jobs", s.jobs);
  require_at_least_1("threads", s.threads);
  require(s.optimizer == "adam" || s.optimizer == "sgd",
          "optimizer must be adam or sgd, got " + in_quotes(s.optimizer));
  require(std::isfinite(s.lr) && s.lr > 0,
          fmt::format("lr must be finite and positive, got {}", s.lr));
  require(std::isfinite(s.momentum) && s.momentum >= 0,
          fmt::format("momentum must be finite and not negative, got {}", s.momentum));
  require(s.momentum == 0 || s.optimizer == "sgd",
          "momentum is for sgd, got optimizer " + s.optimizer);
  require(std::isfinite(s.weight_decay) && s.weight_decay >= 0,
          fmt::format("weight-decay must be finite and not negative, got {}", s.weight_decay));
  nn::parse_init(s.init);
  require_reasonable_size(s, kUsualInputs);
  for (const auto& a : s.activations) make_network(s, a, static_cast<int>(kUsualInputs));
}

Comparison compare(const CompareSettings& settings, const data::Dataset& data, std::span<Live> live,
                   const std::stop_token& stop,
                   const std::function<void(const EpochResult&)>& done) {
  validate(settings);
  require_reasonable_size(settings, data.train.images.size());
  require(live.size() == static_cast<std::size_t>(settings.jobs), "live must have a place a job");
  Comparison result;
  result.settings = settings;
  result.machine = this_machine();
  result.inputs = data.train.images.size();
  result.train_images = data.train.labels.size();
  result.test_images = data.test.labels.size();
  const auto begin = std::chrono::steady_clock::now();
  Runner runner(settings, data, stop, done);
  runner.run(live);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  result.epochs = runner.take_results();
  const auto planned = trainings(settings).size() * static_cast<std::size_t>(settings.epochs);
  result.interrupted = result.epochs.size() < planned;
  return result;
}

}  // namespace actfn::lab
