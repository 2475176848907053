// SPDX-License-Identifier: Apache-2.0
// Visits all elements of tensors of one type and shape, whatever their strides, in contiguous
// blocks. Blocks are divided among threads.
#pragma once

#include <actfn/tensor.h>

#include "kernels/blocks.h"
#include "memory/copy.h"
#include "memory/demand.h"
#include "memory/function_ref.h"
#include "memory/share.h"

#include <array>
#include <cstddef>

namespace actfn::memory {

// The most elements of a block that is a copy.
using kernels::kBlock;
inline constexpr std::size_t kMaxOperands = 8;

// The body of a walk may get a block in several rounds. An operand takes part in the rounds from
// `first` to `last` - 1 and moves on by `step` elements after each of them. In other rounds its
// pointer stays.
struct Rounds {
  std::size_t first = 0, last = 1;
  std::ptrdiff_t step = 0;
};

// n elements of each operand.
struct Block {
  std::size_t n = 0;
  std::size_t at = 0;     // the index of the first one in row-major order; only after in_order()
  std::size_t round = 0;  // see Rounds
  std::array<void*, kMaxOperands> pointers;

  template <class T>
  T* of(std::size_t k) const {
    return static_cast<T*>(pointers[k]);
  }
};

class Walk {
 public:
  using Body = FunctionRef<void(const Block&)>;

  // Shapes are kept by address.
  Walk(const Copies& copies, const Shape& shape) : copies_(copies), shape_(shape) {}
  // With demand_tensors(): they are added, inputs first.
  Walk(std::string_view who, const Copies& copies, std::initializer_list<Named> inputs,
       std::initializer_list<Named> outputs);

  // Adds an input, an output, or both in one. An output may be the same view as an input. Strides
  // are kept by address.
  void read(const ConstTensor& t) { add(t, Role::input); }
  void write(const ConstTensor& t) { add(t, Role::output); }
  void update(const ConstTensor& t) { add(t, Role::both); }
  void read(const void* data, const Strides& strides, const Rounds& rounds = {}) {
    add(data, &strides, Role::input, rounds);
  }
  void write(const void* data, const Strides& strides, const Rounds& rounds = {}) {
    add(data, &strides, Role::output, rounds);
  }
  // Adds a buffer for the body, which keeps its contents from a block's first to its last round.
  void scratch();

  // Copies two interleaved operands together, if one is added right after the other.
  void use_pairs(const PairCopies& pairs) { pairs_ = &pairs; }

  // Asks for blocks in row-major order: of kBlock elements, and fewer at the end.
  void in_order() { in_order_ = true; }

  // Calls body(block) with each element once in each round. Without in_order(), blocks come in any
  // order and may be of any length. A thread's elements begin at a multiple of `unit`, which must
  // be one of kBlock after in_order(). `nanoseconds`: what an element costs.
  void run(const Threads& threads, double nanoseconds, Body body, std::size_t unit = kBlock);

  // Needs in_order(). Calls task(k, visit) for each k below `tasks`; visit(at, n, body) calls body
  // for the n <= kBlock elements from element `at` on.
  using Visit = FunctionRef<void(std::size_t at, std::size_t n, Body body)>;
  void run_tasks(std::size_t tasks, const Threads& threads, double nanoseconds,
                 FunctionRef<void(std::size_t task, Visit visit)> task);

 private:
  using Steps = std::array<std::ptrdiff_t, kMaxDimensions>;
  // An element's index along each dimension.
  using Index = std::array<std::size_t, kMaxDimensions>;
  enum class Role { input, output, both, scratch };
  struct Operand {
    char* data;
    const Strides* source;
    Role role;
    Rounds rounds;
    Steps strides;       // in elements; arrange() sets it and what follows
    bool leads_pair;     // it and the next are interleaved, in either order
    bool repeats;        // an input that is broadcast: elements have several indices
    std::size_t period;  // the number of elements after which all repeat; 0: never

    bool takes_part(std::size_t round) const {
      return rounds.first <= round && round < rounds.last;
    }
    bool reads() const { return role == Role::input || role == Role::both; }
    bool writes() const { return role == Role::output || role == Role::both; }
  };
  struct Thread;

  void count_elements();
  void add(const ConstTensor& t, Role role);
  void add(const void* data, const Strides* strides, Role role, const Rounds& rounds);
  std::size_t row() const { return lengths_[count_ - 1]; }

  // walk_order.cc: the order of dimensions.
  void arrange();
  void sort();
  void merge();
  void lengthen_rows();
  void find_pairs();
  void find_repetitions();
  void swap(std::size_t i, std::size_t j);
  bool adjoin(std::size_t outer) const;

  void run_contiguous(const Crew& crew, Body body, std::size_t unit) const;
  void part(std::size_t begin, std::size_t end, Body body) const;
  std::size_t block_length(const Index& at, std::size_t rest) const;
  bool direct(const Operand& operand, const Index& at, std::size_t n) const;
  void visit(Thread& thread, const Index& at, Body body) const;
  void move(Thread& thread, const Index& first, bool load) const;
  Strided piece(const Operand& operand, const Index& at, std::size_t round, std::size_t n) const;
  void move_piece(Thread& thread, std::size_t k, const Strided& there, std::size_t done,
                  bool load) const;
  bool is_loaded(Thread& thread, std::size_t k, const Index& at) const;
  void advance(Index& at, std::size_t n) const;
  Index index_of(std::size_t element) const;
  char* address(const Operand& operand, const Index& at, std::size_t round) const;

  const Copies& copies_;
  const PairCopies* pairs_ = nullptr;
  const Shape& shape_;
  std::size_t operands_ = 0;
  std::array<Operand, kMaxOperands> operand_;
  std::size_t rounds_ = 1;
  bool in_order_ = false;
  bool contiguous_ = true;  // all operands are
  bool periodic_ = false;   // some operand has a period
  std::size_t total_ = 1;   // elements; count_elements() sets it
  std::size_t count_ = 0;   // of dimensions; the last one is the row
  Index lengths_;
};

}  // namespace actfn::memory
