// SPDX-License-Identifier: Apache-2.0
// Which sanitizer the tests are compiled with.
#pragma once

#ifdef __has_feature
#define ACTFN_HAS_FEATURE(x) __has_feature(x)
#else
#define ACTFN_HAS_FEATURE(x) 0
#endif

#if defined(__SANITIZE_THREAD__) || ACTFN_HAS_FEATURE(thread_sanitizer)
#define ACTFN_TSAN 1
#else
#define ACTFN_TSAN 0
#endif

#if defined(__SANITIZE_ADDRESS__) || ACTFN_HAS_FEATURE(address_sanitizer)
#define ACTFN_ASAN 1
#else
#define ACTFN_ASAN 0
#endif

// Whether a test may fork while it has threads: sanitizers look for them in the child, and their
// allocator may be locked there for ever.
#define ACTFN_MAY_FORK (!ACTFN_TSAN && !ACTFN_ASAN)
