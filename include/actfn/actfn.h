// actfn: activation functions and their derivatives. This header brings all of the core.
#pragma once

#include <actfn/activation.h>   // IWYU pragma: export
#include <actfn/catalogue.h>    // IWYU pragma: export
#include <actfn/elementwise.h>  // IWYU pragma: export
#include <actfn/error.h>        // IWYU pragma: export
#include <actfn/gated.h>        // IWYU pragma: export
#include <actfn/grouped.h>      // IWYU pragma: export
#include <actfn/learnable.h>    // IWYU pragma: export
#include <actfn/list_ref.h>     // IWYU pragma: export
#include <actfn/prepared.h>     // IWYU pragma: export
#include <actfn/random.h>       // IWYU pragma: export
#include <actfn/rows.h>         // IWYU pragma: export
#include <actfn/target.h>       // IWYU pragma: export
#include <actfn/tensor.h>       // IWYU pragma: export
#include <actfn/threads.h>      // IWYU pragma: export
#include <actfn/types.h>        // IWYU pragma: export
#include <actfn/version.h>      // IWYU pragma: export
