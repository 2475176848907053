// SPDX-License-Identifier: Apache-2.0
/* Prints GELU of a few numbers, and fails where one is not the known value. */
#include <actfn/c.h>
#include <math.h>
#include <stdio.h>

int main(void) {
  const float x[] = {-12, -3, -1, 0, 1, 3};
  const float known[] = {-2.13177855e-32F, -0.00404969417F, -0.158655256F, 0,
                         0.841344774F,     2.99595022F};
  enum { count = sizeof x / sizeof *x };
  float y[count];
  char error[200];
  actfn_activation* gelu = actfn_activation_new("gelu", ACTFN_FLOAT32, 1, error, sizeof error);
  if (gelu == NULL) {
    fprintf(stderr, "%s\n", error);
    return 1;
  }
  actfn_activation_forward(gelu, x, y, count);
  actfn_activation_free(gelu);
  int wrong = 0;
  for (int i = 0; i < count; ++i) {
    printf("gelu(%g) = %.9g\n", x[i], y[i]);
    if (!(fabsf(y[i] - known[i]) <= 3e-7F * fabsf(known[i]))) ++wrong;
  }
  return wrong == 0 ? 0 : 1;
}
