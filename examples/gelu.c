// SPDX-License-Identifier: Apache-2.0
/* Calls the library from C: GELU and its gradient, softmax of rows, and how errors are told. */
#include <actfn/c.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static int gelu(void) {
  char error[200];
  actfn_activation* f = actfn_activation_new("gelu", ACTFN_FLOAT32, 1, error, sizeof error);
  if (f == NULL) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  const float x[4] = {-1, 0, 1, 3};
  const float dy[4] = {1, 1, 1, 1};
  float y[4], dx[4];
  actfn_activation_forward(f, x, y, 4);
  actfn_activation_backward(f, x, dy, dx, 4);
  for (int i = 0; i < 4; ++i)
    printf("gelu(%g) = %.7g, gelu'(%g) = %.7g\n", x[i], y[i], x[i], dx[i]);
  actfn_activation_free(f);
  return fabsf(y[2] - 0.841344774F) < 1e-6F && fabsf(dx[1] - 0.5F) < 1e-6F ? 0 : 1;
}

static int softmax(void) {
  char error[200];
  actfn_rows* f = actfn_rows_new("softmax", ACTFN_FLOAT64, 3, 1, error, sizeof error);
  if (f == NULL) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  double x[6] = {1, 2, 3, 0, 0, 0}; /* two rows, in place */
  actfn_rows_forward(f, x, x, 2);
  printf("softmax: %g %g %g, %g %g %g\n", x[0], x[1], x[2], x[3], x[4], x[5]);
  actfn_rows_free(f);
  return fabs(x[0] + x[1] + x[2] - 1) < 1e-15 && x[3] == x[5] ? 0 : 1;
}

static int mistake(void) {
  char error[200] = "";
  actfn_gate* f = actfn_gate_new("swiglu(beta=nan)", ACTFN_FLOAT32, 1, error, sizeof error);
  printf("%s\n", error);
  actfn_gate_free(f); /* NULL: nothing happens */
  return f == NULL && strstr(error, "[swiglu] beta must be") == error ? 0 : 1;
}

int main(void) {
  printf("actfn %s, %s\n", actfn_version(), actfn_target());
  return gelu() + softmax() + mistake() == 0 ? 0 : 1;
}
