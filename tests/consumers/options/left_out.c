// SPDX-License-Identifier: Apache-2.0
/* The same from C. */
#include <actfn/c.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static int wrong = 0;

static void expect(const char* got, const char* wanted) {
  if (strcmp(got, wanted) == 0) return;
  printf("got:    %s\nwanted: %s\n", got, wanted);
  ++wrong;
}

int main(void) {
  char error[200] = "", cut[10];
  if (actfn_activation_new("silu", ACTFN_FLOAT32, 1, error, sizeof error) != NULL) ++wrong;
  expect(error, "[parse] this build has no silu: ACTFN_FUNCTIONS leaves it out");
  if (actfn_rows_new("softmax", ACTFN_FLOAT32, 6, 1, error, sizeof error) != NULL) ++wrong;
  expect(error, "[parse] this build has no softmax: ACTFN_FUNCTIONS leaves it out");
  if (actfn_gate_new("swiglu", ACTFN_FLOAT32, 1, error, sizeof error) != NULL) ++wrong;
  expect(error, "[parse] this build has no swiglu: ACTFN_FUNCTIONS leaves it out");
  if (actfn_activation_new("gelu", ACTFN_FLOAT64, 1, error, sizeof error) != NULL) ++wrong;
  expect(error, "[gelu] this build has no float64: ACTFN_TYPES leaves it out");
  if (actfn_activation_new("gelu", ACTFN_FLOAT32, -1, cut, sizeof cut) != NULL) ++wrong;
  expect(cut, "[gelu] th");
  if (actfn_activation_new(NULL, ACTFN_FLOAT32, 1, NULL, 0) != NULL) ++wrong;

  const float x[3] = {1, 1, 1};
  float y[3];
  actfn_gate* glu = actfn_gate_new("glu", ACTFN_FLOAT32, 1, error, sizeof error);
  if (glu == NULL) return 1;
  actfn_gate_forward(glu, x, x, y, 3);
  if (y[2] != 0.7310586F) ++wrong;
  actfn_gate_free(glu);
  actfn_activation_free(NULL);
  actfn_rows_free(NULL);
  actfn_gate_free(NULL);
  return wrong;
}
