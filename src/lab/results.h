// SPDX-License-Identifier: Apache-2.0
// What a comparison is made of and what it found: the rows of results.csv and the run around them.
#pragma once

#include <actfn/nn/optimizer.h>

#include "lab/nonlinearity.h"
#include "nn/architecture.h"

#include <cstdint>
#include <string>
#include <vector>

namespace actfn::lab {

inline constexpr int kUsualClasses = 10;
inline constexpr int kUsualInputs = 784;  // 28x28 pixels

// eps is Keras' default, which the comparison follows; lr and weight_decay are settings.
inline constexpr nn::Adam kAdam{.eps = 1e-7};

// One finished epoch of one training: a row of results.csv.
struct EpochResult {
  std::size_t activation = 0;  // its index in the settings
  std::uint64_t seed = 0;
  int epoch = 0;              // from 1
  double train_loss = 0;      // mean cross-entropy in nats over the epoch's minibatches, each taken
                              // before its own update: what Keras shows
  double train_accuracy = 0;  // share of the epoch's training images classified right, likewise
  double test_loss = 0;       // mean cross-entropy in nats over the test images after the epoch
  double test_accuracy = 0;   // share of the test images classified right after the epoch
  double seconds = 0;         // training time of the epoch, without the evaluation
};

// SHA-256 of what a finished training left, in hexadecimal digits: see lab/sha256.h. Weights and
// biases by layer, then what other layers have learned.
struct TrainingHashes {
  std::size_t activation = 0;  // its index in the settings
  std::uint64_t seed = 0;
  std::string first_weights;  // as they were drawn
  std::string last_weights;
  std::string test_logits;  // of all test images, after the last epoch
};

struct CompareSettings {
  std::string data;  // directory, once the data are read
  std::vector<Nonlinearity> activations;
  std::vector<std::uint64_t> seeds;
  std::vector<int> hidden = {128};
  int epochs = 5;
  int batch = 32;
  std::string optimizer = "adam";  // or "sgd"
  double lr = 0.001;
  double momentum = 0;  // of sgd
  double weight_decay = 0;
  std::string init = "glorot_uniform";
  int jobs = 1;               // trainings at a time
  int threads = 1;            // of one training; results do not depend on it
  bool reproducible = false;  // the same bits on every instruction set
};

// Where and when a run took place.
struct Machine {
  std::string cpu;  // model name
  int cores = 0;
  std::string target;   // instruction set of the kernels: "AVX3"
  std::string version;  // of actfn
  std::string date;     // ISO 8601, UTC
};

struct Comparison {
  CompareSettings settings;
  Machine machine;
  std::vector<nn::Architecture> networks;  // by activation
  std::size_t inputs = kUsualInputs;       // features of a sample
  std::size_t classes = kUsualClasses;
  std::size_t train_images = 0;
  std::size_t test_images = 0;
  double seconds = 0;  // wall time of all trainings
  bool interrupted = false;
  std::vector<EpochResult> epochs;     // by activation (as in settings), then seed, then epoch
  std::vector<TrainingHashes> hashes;  // of finished trainings, in the same order
};

}  // namespace actfn::lab
