#include <actfn/elementwise.h>

#include "api/check.h"
#include "api/parallel.h"
#include "kernels/evaluator.h"

namespace actfn {
namespace {

using kernels::Evaluator;
using kernels::Order;

// Calls f.operator()<T>() with the type T that `type` names.
template <class F>
void for_type(Type type, const F& f) {
  switch (type) {
    case Type::float32:
      return f.template operator()<float>();
    case Type::float64:
      return f.template operator()<double>();
    case Type::bfloat16:
      return f.template operator()<bfloat16>();
    case Type::float16:
      return f.template operator()<float16>();
  }
}

std::size_t workers_for(const Activation& f, Threads threads, const ConstArray& x) {
  return thread_count(threads, x.size(), kernels::entry(f).light);
}

void map(const Activation& f, Order order, const ConstArray& x, const Array& y, Threads threads) {
  const Evaluator evaluator(f);
  for_all({{&x, &y}}, workers_for(f, threads, x), [&](void* const* p, std::size_t n) {
    for_type(x.type(), [&]<class T>() {
      evaluator.map(order, static_cast<const T*>(p[0]), static_cast<T*>(p[1]), n);
    });
  });
}

void backward(const Activation& f, Order order, const ConstArray& x, const ConstArray& dy,
              const Array& dx, Threads threads) {
  const Evaluator evaluator(f);
  for_all({{&x, &dy, &dx}}, workers_for(f, threads, x), [&](void* const* p, std::size_t n) {
    for_type(x.type(), [&]<class T>() {
      evaluator.backward(order, static_cast<const T*>(p[0]), static_cast<const T*>(p[1]),
                         static_cast<T*>(p[2]), n);
    });
  });
}

void check_mask(const Activation& f, std::size_t bytes, NamedArray array) {
  const kernels::Slopes slopes = kernels::entry(f).slopes(f);
  if (slopes.steep == slopes.flat) fail(name_of(f), {"the derivative takes other than two values"});
  if (!is_contiguous(array.data))
    fail(name_of(f), {std::string(array.name) + " must be contiguous"});
  const std::size_t want = (array.data.size() + 7) / 8;
  if (bytes != want) {
    fail(name_of(f), {"mask has " + std::to_string(bytes) + " bytes, " + std::to_string(want) +
                      " are needed for " + std::string(array.name) + "'s " +
                      std::to_string(array.data.size()) + " elements"});
  }
}

// a with `columns` columns, where it is one contiguous row; else a itself.
ConstArray in_rows(const ConstArray& a, std::size_t columns) {
  return a.rows() > 1 || !is_contiguous(a) ? a : a.as_rows(columns);
}

void check_bias(const Activation& f, const ConstArray& bias, const ConstArray& z) {
  check_same(name_of(f), {"z", z.type()}, {"bias", bias.type()});
  if (!is_contiguous(bias)) fail(name_of(f), {"bias must be contiguous"});
  const std::size_t columns = bias.size();
  const bool whole = columns == 0    ? z.size() == 0
                     : z.rows() == 1 ? z.columns() % columns == 0
                                     : z.columns() == columns;
  if (!whole || (z.rows() == 1 && z.columns() != columns && !is_contiguous(z))) {
    fail(name_of(f), {"z has ", size_text(shape_of(z)), ", which are no whole rows of ", columns});
  }
}

}  // namespace

void forward(const Activation& f, const ConstArray& x, const Array& y, Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"y", y});
  map(f, Order::value, x, y, threads);
}

void derivative(const Activation& f, const ConstArray& x, const Array& dydx, Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"dydx", dydx});
  map(f, Order::derivative, x, dydx, threads);
}

void second_derivative(const Activation& f, const ConstArray& x, const Array& d2ydx2,
                       Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"d2ydx2", d2ydx2});
  map(f, Order::second_derivative, x, d2ydx2, threads);
}

void forward_with_derivative(const Activation& f, const ConstArray& x, const Array& y,
                             const Array& dydx, Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"y", y});
  check_arrays(name_of(f), {"x", x}, {"dydx", dydx});
  check_apart(name_of(f), {"y", y}, {"dydx", dydx});
  const Evaluator evaluator(f);
  for_all({{&x, &y, &dydx}, 2}, workers_for(f, threads, x), [&](void* const* p, std::size_t n) {
    for_type(x.type(), [&]<class T>() {
      evaluator.value_and_derivative(static_cast<const T*>(p[0]), static_cast<T*>(p[1]),
                                     static_cast<T*>(p[2]), n);
    });
  });
}

void backward(const Activation& f, const ConstArray& x, const ConstArray& dy, const Array& dx,
              Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"x", x}, {"dx", dx});
  check_arrays(name_of(f), {"dy", dy}, {"dx", dx});
  backward(f, Order::derivative, x, dy, dx, threads);
}

void backward_from_output(const Activation& f, const ConstArray& y, const ConstArray& dy,
                          const Array& dx, Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  const std::string_view conflict = kernels::entry(f).output_conflict(f);
  if (!conflict.empty()) fail(name_of(f), {std::string(conflict)});
  check_arrays(name_of(f), {"y", y}, {"dx", dx});
  check_arrays(name_of(f), {"dy", dy}, {"dx", dx});
  backward(f, Order::derivative_from_output, y, dy, dx, threads);
}

void forward_with_mask(const Activation& f, const ConstArray& x, const Array& y,
                       std::span<std::uint8_t> mask) {
  validate(f);
  check_arrays(name_of(f), {"x", x}, {"y", y});
  check_mask(f, mask.size(), {"x", x});
  if (!is_contiguous(y)) fail(name_of(f), {"y must be contiguous"});
  const Evaluator evaluator(f);
  for_type(x.type(), [&]<class T>() {
    evaluator.mask(x.data<T>(), mask.data(), x.size());
    evaluator.map(Order::value, x.data<T>(), y.data<T>(), x.size());
  });
}

void backward_from_mask(const Activation& f, std::span<const std::uint8_t> mask,
                        const ConstArray& dy, const Array& dx) {
  validate(f);
  check_arrays(name_of(f), {"dy", dy}, {"dx", dx});
  check_mask(f, mask.size(), {"dy", dy});
  if (!is_contiguous(dx)) fail(name_of(f), {"dx must be contiguous"});
  const Evaluator evaluator(f);
  for_type(dy.type(), [&]<class T>() {
    evaluator.backward_from_mask(mask.data(), dy.data<T>(), dx.data<T>(), dy.size());
  });
}

void double_backward(const Activation& f, const ConstArray& x, const ConstArray& dy,
                     const ConstArray& v, const Array& for_dy, const Array& for_x,
                     Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  for (const NamedArray out : {NamedArray{"for_dy", for_dy}, NamedArray{"for_x", for_x}}) {
    for (const NamedArray in : {NamedArray{"x", x}, NamedArray{"dy", dy}, NamedArray{"v", v}}) {
      check_arrays(name_of(f), in, out);
    }
  }
  check_apart(name_of(f), {"for_dy", for_dy}, {"for_x", for_x});
  const Evaluator evaluator(f);
  const Operands operands = {{&x, &dy, &v, &for_dy, &for_x}, 2};
  for_all(operands, workers_for(f, threads, x), [&](void* const* p, std::size_t n) {
    for_type(x.type(), [&]<class T>() {
      evaluator.double_backward<T>(
          {static_cast<const T*>(p[0]), static_cast<const T*>(p[1]), static_cast<const T*>(p[2]),
           static_cast<T*>(p[3]), static_cast<T*>(p[4])},
          n);
    });
  });
}

void bias_forward(const Activation& f, const ConstArray& bias, const Array& z, const Array& y,
                  Threads threads) {
  validate(f);
  check_threads(name_of(f), threads);
  check_arrays(name_of(f), {"z", z}, {"y", y});
  check_bias(f, bias, z);
  check_apart(name_of(f), {"bias", bias}, {"z", z});
  check_apart(name_of(f), {"bias", bias}, {"y", y});
  if (z.size() == 0) return;
  const Evaluator evaluator(f);
  const ConstArray z_rows = in_rows(z, bias.size());
  const ConstArray y_rows = in_rows(y, bias.size());
  share(z_rows.rows(), 1, workers_for(f, threads, z), [&](std::size_t first, std::size_t last) {
    for (std::size_t r = first; r < last; ++r) {
      const ConstArray zr = z_rows.row(r);
      const ConstArray yr = y_rows.row(r);
      for_all({{&bias, &zr, &yr}, 2}, 1, [&](void* const* p, std::size_t n) {
        for_type(z.type(), [&]<class T>() {
          evaluator.bias_forward(static_cast<const T*>(p[0]), static_cast<T*>(p[1]),
                                 static_cast<T*>(p[2]), 1, n);
        });
      });
    }
  });
}

}  // namespace actfn
