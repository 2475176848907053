// SPDX-License-Identifier: Apache-2.0
// The library for C, and for whatever calls C: elementwise functions, functions of rows, and gates,
// by name. A function is prepared once and then called, as in prepared.h. All that can fail is
// checked when it is prepared.
//
// Arrays are contiguous, of the type that the function was prepared for; an output may be the same
// array as an input, and must not overlap it otherwise. Calls check nothing, allocate nothing, take
// no lock and cannot fail. Several threads may call one prepared function at the same time.
//
// The functions that prepare return NULL where they fail, and write to `error` the text of the
// Error that C++ would throw: "[elu] alpha must be finite, got nan". A text that is longer than
// `capacity` is cut; it always ends with a 0. `error` may be NULL if `capacity` is 0. `threads` is
// the largest number of threads that a call may use; 0 for as many as the machine has. With more
// than one, a call waits for the threads that help it: see threads.h. Errors that only these
// functions have: "[actfn_rows_new] type must be float32 or float64, got bfloat16",
// "[actfn_type] there is no type with the number 9".
//
// A program that prepares a function links all of them, because names choose among them.
// docs/using.md says how to link the library with a C program.
#ifndef ACTFN_C_H_
#define ACTFN_C_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The type of an array's elements, as in types.h.
typedef enum actfn_type {
  ACTFN_FLOAT32 = 0,
  ACTFN_FLOAT64 = 1,
  ACTFN_BFLOAT16 = 2,
  ACTFN_FLOAT16 = 3
} actfn_type;

/// An elementwise function that is prepared.
typedef struct actfn_activation actfn_activation;
/// A function of rows that is prepared.
typedef struct actfn_rows actfn_rows;
/// A gate that is prepared.
typedef struct actfn_gate actfn_gate;

/// Prepares an elementwise function, named as in parse(): "gelu", "leaky_relu(negative_slope=0.2)".
/// An accuracy may follow (accuracy.h): "gelu@fast", "silu@nearest".
///
///     char error[200];
///     actfn_activation* gelu = actfn_activation_new("gelu", ACTFN_FLOAT32, 1, error, 200);
///     if (gelu == NULL) {
///       fprintf(stderr, "%s\n", error);
///     } else {
///       actfn_activation_forward(gelu, x, y, 24);
///       actfn_activation_backward(gelu, x, dy, dx, 24);
///       actfn_activation_free(gelu);
///     }
actfn_activation* actfn_activation_new(const char* spec, actfn_type type, int threads, char* error,
                                       size_t capacity);
/// y = f(x)
void actfn_activation_forward(const actfn_activation* f, const void* x, void* y, size_t n);
/// dydx = f'(x)
void actfn_activation_derivative(const actfn_activation* f, const void* x, void* dydx, size_t n);
/// dx = dy f'(x)
void actfn_activation_backward(const actfn_activation* f, const void* x, const void* dy, void* dx,
                               size_t n);
/// NULL: nothing happens.
void actfn_activation_free(actfn_activation* f);

/// Prepares a function of rows of `length` elements, named as in parse_row_activation(), for
/// float32 or float64. An accuracy that follows the name has no effect.
///
///     actfn_rows* softmax = actfn_rows_new("softmax", ACTFN_FLOAT32, 6, 1, NULL, 0);
///     if (softmax != NULL) {
///       actfn_rows_forward(softmax, x, y, 4);
///       actfn_rows_backward(softmax, y, dy, dx, 4);
///     }
///     actfn_rows_free(softmax);
actfn_rows* actfn_rows_new(const char* spec, actfn_type type, size_t length, int threads,
                           char* error, size_t capacity);
/// y = f(x), for each of `rows` rows, one behind the other.
void actfn_rows_forward(const actfn_rows* f, const void* x, void* y, size_t rows);
/// dx, from the output y and its gradient dy.
void actfn_rows_backward(const actfn_rows* f, const void* y, const void* dy, void* dx, size_t rows);
/// NULL: nothing happens.
void actfn_rows_free(actfn_rows* f);

/// Prepares a gate of two arrays, named as in parse_gate(). The operands have the order that
/// forward() in gated.h has. An accuracy that follows the name has no effect.
///
///     actfn_gate* swiglu = actfn_gate_new("swiglu", ACTFN_FLOAT32, 1, NULL, 0);
///     if (swiglu != NULL) {
///       actfn_gate_forward(swiglu, a, b, y, 24);
///       actfn_gate_backward(swiglu, a, b, dy, da, db, 24);
///     }
///     actfn_gate_free(swiglu);
actfn_gate* actfn_gate_new(const char* spec, actfn_type type, int threads, char* error,
                           size_t capacity);
/// y = f(a) b, with the limits that some gates have.
void actfn_gate_forward(const actfn_gate* f, const void* a, const void* b, void* y, size_t n);
/// The gradients by a and by b.
void actfn_gate_backward(const actfn_gate* f, const void* a, const void* b, const void* dy,
                         void* da, void* db, size_t n);
/// NULL: nothing happens.
void actfn_gate_free(actfn_gate* f);

/// The version of the library that is linked: "0.1.0".
///
///     printf("actfn %s\n", actfn_version());
const char* actfn_version(void);

/// The instruction set in use, as in target.h: "AVX2". NULL where none can be used; then the
/// functions that prepare fail, and say why.
const char* actfn_target(void);

#ifdef __cplusplus
}
#endif

#endif
