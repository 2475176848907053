// Visits all elements of tensors of one shape and type, whatever their strides, in contiguous
// blocks of float or double. Blocks are divided among threads.
#pragma once

#include <actfn/tensor.h>

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

namespace actfn {

// The body may visit a block in several rounds. An operand takes part in the rounds from `first` to
// `last` - 1 and moves on by `step` elements after each of them. In other rounds its pointer stays.
struct Rounds {
  std::size_t first = 0, last = 1;
  std::ptrdiff_t step = 0;
};

class Walk {
 public:
  Walk(Type type, const Shape& shape);

  // Adds an input or an output. An output may be the same tensor as an input.
  // Two interleaved operands move faster when one is added right after the other.
  void read(const void* data, const Strides& strides, const Rounds& rounds = {}) {
    add(data, strides, Role::input, rounds);
  }
  void write(const void* data, const Strides& strides, const Rounds& rounds = {}) {
    add(data, strides, Role::output, rounds);
  }
  // Adds a buffer for the body, which keeps its contents from a block's first to its last round.
  void scratch() { add(nullptr, {}, Role::scratch, {0, 0, 0}); }

  // Calls body(pointers, n, round) with one pointer for each operand: double* for float64, else
  // float*. The body visits each element once in each round, in no particular order.
  using Body = std::function<void(void* const* pointers, std::size_t n, std::size_t round)>;
  void run(std::size_t workers, const Body& body);

 private:
  using Steps = std::array<std::ptrdiff_t, kMaxDimensions>;
  enum class Role { input, output, scratch };
  struct Operand {
    char* data;
    Steps strides;  // in elements
    Role role;
    Rounds rounds;
    bool leads_pair = false;  // it and the next are interleaved, in either order

    bool takes_part(std::size_t round) const {
      return rounds.first <= round && round < rounds.last;
    }
  };
  // An element's index along each dimension.
  using Index = std::array<std::size_t, kMaxDimensions>;
  struct Block;

  void add(const void* data, const Strides& strides, Role role, const Rounds& rounds);
  void arrange();
  void sort();
  void merge();
  void lengthen_rows();
  void find_pairs();
  void swap(std::size_t i, std::size_t j);
  bool adjoin(std::size_t outer) const;
  void part(std::size_t begin, std::size_t end, const Body& body) const;
  std::size_t block_length(const Index& at, std::size_t rest) const;
  bool direct(const Operand& operand, const Index& at, std::size_t n) const;
  void visit(Block& block, const Index& at, std::size_t n, const Body& body) const;
  void move(Block& block, const Index& at, std::size_t n, Role role) const;
  void advance(Index& at, std::size_t n) const;
  Index index_of(std::size_t element) const;
  char* address(const Operand& operand, const Index& at, std::size_t round) const;

  Type type_;
  std::size_t count_;  // of dimensions; the last one is the row
  Index lengths_{};
  std::vector<Operand> operands_;
  std::size_t rounds_ = 1;
};

// Calls body.operator()<T>() with the type of the elements of blocks.
template <class Body>
void for_blocks_of(Type type, const Body& body) {
  if (type == Type::float64) {
    body.template operator()<double>();
  } else {
    body.template operator()<float>();
  }
}

template <class T>
T* block(void* const* pointers, std::size_t k) {
  return static_cast<T*>(pointers[k]);
}

}  // namespace actfn
