// SPDX-License-Identifier: Apache-2.0
// What a comparison is made of and what it found: the rows of results.csv and the run around them.
#pragma once

#include <actfn/nn/optimizer.h>

#include "data/dataset.h"
#include "lab/nonlinearity.h"
#include "lab/sample_form.h"
#include "nn/architecture.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace actfn::lab {

inline constexpr int kUsualOutputs = 10;  // classes of MNIST and Fashion-MNIST

// eps is Keras' default, which the comparison follows; lr and weight_decay are settings.
inline constexpr nn::Adam kAdam{.eps = 1e-7};

// Means over samples.
struct Score {
  double loss = 0;      // cross-entropy in nats; of regression, the squared error
  double accuracy = 0;  // fraction classified correctly; of regression, NaN
};

// SHA-256 of what a training had and left, in hexadecimal digits: see lab/sha256.h. Weights and
// biases by layer, then what other layers have learned.
struct Hashes {
  std::string first_weights;  // as they were drawn
  std::string last_weights;
  std::string test_logits;  // of all test samples, after the last epoch
};

// One finished epoch of one training: a row of results.csv.
struct EpochResult {
  std::size_t activation = 0;  // its index in the settings
  std::uint64_t seed = 0;
  double lr = 0;  // learning rate
  int epoch = 0;  // from 1; 0 is the network before training
  // Over the epoch's minibatches, each taken before its own update: what Keras shows. Of epoch 0,
  // over the first training samples, as many as are held out.
  Score train;
  std::optional<Score> validation;  // after the epoch, if there is a validation part
  // Of the training's last epoch, and of its best. Without a validation part, of every epoch.
  std::optional<Score> test;
  double seconds = 0;            // training time of the epoch, without the evaluation
  std::optional<Hashes> sha256;  // of the training's last epoch
};

// What the units of a hidden layer do on the samples of the probe. z are the pre-activations, what
// their function is applied to: a number for each unit and sample.
struct Units {
  static constexpr std::size_t kBins = 24;
  static constexpr double kReach = 6;  // the bins are from -6 to 6

  double dead = 0;       // share of the units; lab/probe.cc says which
  double saturated = 0;  // likewise
  double mean = 0;       // of z
  double deviation = 0;
  // Of z, in bins of equal width, the same for all layers, so that pictures can be compared. The
  // bins at the ends hold all beyond, where the usual functions are flat or straight.
  std::array<std::uint32_t, kBins> histogram{};
};

// What inspect measures besides.
struct Instruments {
  double mean = 0;  // of the activations, what the function gives: over units and samples
  double variance = 0;
  double weight_norm = 0;             // L2, without the bias
  std::optional<double> change = {};  // of the weights since epoch 0, as a share of their norm then
  double effective_rank = 0;          // of the activations: lab/effective_rank.h
  // Processor time. Of training steps and of the pass it is one of as many equal parts as there are
  // layers.
  double training_seconds = 0;  // since the look before
  double pass_seconds = 0;
  double units_seconds = 0;        // dead, saturated, z
  double activations_seconds = 0;  // mean, variance, norms, change
  double rank_seconds = 0;
};

// A hidden layer of one training after an epoch: a row of probes.csv.
struct LayerProbe {
  std::size_t activation = 0;  // its index in the settings
  std::uint64_t seed = 0;
  double lr = 0;
  int epoch = 0;               // from 0
  int layer = 0;               // from 1
  int width = 0;               // units: outputs of its Linear, channels of its convolution
  double gradient_norm = 0;    // L2, of the loss by the weights of that
  std::optional<Units> units;  // of a function that has a curve
  std::optional<Instruments> more = {};  // of inspect
};

struct CompareSettings {
  std::string data;           // path
  std::string label;          // column of a table; empty: the one with a usual name
  std::string task = "auto";  // or "classification", "regression"
  std::vector<Nonlinearity> activations;
  std::vector<std::uint64_t> seeds;
  std::string network = "mlp";      // lab/networks/ has them
  std::vector<int> hidden = {128};  // of mlp; of others empty
  int epochs = 5;
  int batch = 32;
  std::string optimizer = "adam";  // or "adamw", "sgd"
  // With several, the first seed of each activation tries them all; the others get the one with the
  // lowest validation loss.
  std::vector<double> lr = {0.001};
  double momentum = 0;  // of sgd
  double weight_decay = 0;
  // How the learning rate changes: what nn::parse_schedule() reads. step and exponential count
  // epochs, cosine ends with the last epoch.
  std::string schedule = "constant";
  int warmup = 0;                       // steps in which the learning rate rises
  double clip = 0;                      // the largest norm of the gradients; 0: any
  double label_smoothing = 0;           // of the training loss
  std::string init = "glorot_uniform";  // or "auto": what suits each activation
  // What networks have in common: "width", the units that come out of a hidden layer, or
  // "parameters", their number.
  std::string match = "width";
  double validation = 0.1;  // share of the training samples that is held out
  int patience = 0;  // epochs without a better validation loss that end a training; 0: none do
  int jobs = 1;      // trainings at a time
  int threads = 1;   // of one training; results do not depend on it
  bool reproducible = false;  // the same bits on every instruction set
  bool save = false;          // keeps the weights of every finished training
  bool tensorboard = false;   // writes files for TensorBoard
  bool probe = true;          // looks inside the networks after each epoch
  bool inspect = false;       // with all instruments: of the command inspect
  int every = 1;              // epochs between two looks of inspect; the last epoch has one too
  int samples = 256;          // that the probe takes
};

// The epoch with the lowest validation loss, the first of equal ones; the last epoch where there is
// no validation part, or no finite loss. `rows` are of one training, by epoch.
int best_epoch(std::span<const EpochResult> rows);
// Whether a training has all of the epochs that it was to have.
bool is_finished(std::span<const EpochResult> rows, const CompareSettings& settings);
// By activation, seed (as in settings), learning rate, epoch.
void sort_rows(std::vector<EpochResult>& rows, const CompareSettings& settings);
void sort_rows(std::vector<LayerProbe>& probes, const CompareSettings& settings);
// Whether a validation loss is better than the lowest so far.
inline bool improves(double loss, double lowest) { return loss < lowest; }

// Where and when a run took place.
struct Machine {
  std::string cpu;  // model name
  int cores = 0;
  std::string target;   // instruction set of the kernels: "AVX3"
  std::string version;  // of actfn
  std::string date;     // ISO 8601, UTC
};

// What a training step costs on one thread, in seconds of processor time, which other load on the
// machine changes little; measured in turn with those of the others.
struct StepTime {
  std::size_t activation = 0;
  double median = 0;
  double low = 0;  // quartiles
  double high = 0;
  double wall = 0;  // median of the wall time
};

// Of the parts.
struct SampleCounts {
  std::size_t train = 0;
  std::size_t validation = 0;
  std::size_t test = 0;
};

struct Comparison {
  CompareSettings settings;
  Machine machine;
  data::Task task = data::Task::classification;
  SampleForm form;                      // of the samples
  std::size_t outputs = kUsualOutputs;  // classes, or 1
  SampleCounts samples;
  // What guessing gives: by the frequencies of the classes, or the mean of the targets.
  Score chance;
  std::vector<nn::Architecture> networks;  // by activation
  std::vector<std::string> inits;          // by activation
  std::vector<StepTime> steps;             // by activation; empty: not measured
  double seconds = 0;                      // wall time of all trainings
  bool interrupted = false;
  std::vector<EpochResult> epochs;  // by activation (as in settings), seed, learning rate, epoch
  std::vector<LayerProbe> probes;   // likewise, and by layer
};

// Nothing where none was measured.
const StepTime* step_time_of(const Comparison& comparison, std::size_t activation);

// By activation: the only learning rate, or the one with the lowest validation loss; where none is
// finite, the first that it was trained with.
std::vector<double> chosen_rates(const CompareSettings& settings,
                                 std::span<const EpochResult> epochs);

}  // namespace actfn::lab
