// SPDX-License-Identifier: Apache-2.0
// Polynomials for results of 16 bits. Written by tools/half_coefficients.py.
#pragma once

namespace actfn::coefficients {

// clang-format off
// 2^f, |f| <= 1/2: error 2^-18.1.
inline constexpr double kExp2Half[] = {
    0x1.0000000000000p+0, 0x1.62e0c2faa2d86p-1, 0x1.ebfa4b174fc27p-3, 0x1.ca1ce22bd89aap-5,
    0x1.3cbf6052845e6p-7,
};

// (2^f - 1)/f, |f| <= 1/2: error 2^-21.0.
inline constexpr double kExp2m1Half[] = {
    0x1.62e42fefa39efp-1, 0x1.ebfa4b174fc27p-3, 0x1.c6afed2b12080p-5, 0x1.3cbf6052845e6p-7,
    0x1.5ec866b5d43edp-10,
};

// log1p(u)/u, 0 <= u <= 1: error 2^-19.4.
inline constexpr double kLog1pHalf[] = {
    0x1.ffffd0245e26cp-1, -0x1.ffdb0944047d8p-2, 0x1.52eb2d9739402p-2, -0x1.e0593bed46c68p-3,
    0x1.2fb4d5c8a3a1ep-3, -0x1.0ca86bccbaa06p-4, 0x1.c6a39c9b7a79bp-7,
};

// atan(r)/r in v = r^2, 0 <= r <= 1: error 2^-20.3.
inline constexpr double kAtanHalf[] = {
    0x1.ffffe603dc6abp-1, -0x1.554143f3e7d9dp-2, 0x1.96fab8f48b211p-3, -0x1.1369899a72d08p-3,
    0x1.547c675184c94p-4, -0x1.29dd59acd7201p-5, 0x1.f53e15fbddd6dp-8,
};

// (r - tanh(r))/r^3 in v = r^2, 0 <= r <= 1: error 2^-20.4.
inline constexpr double kTanhshrinkHalf[] = {
    0x1.555544df7d890p-2, -0x1.1107c1701161dp-3, 0x1.b85c7427e359bp-5, -0x1.567db3aafeabdp-6,
    0x1.bc1c0b0bd9c9bp-8, -0x1.44e9f720d32f6p-10,
};

// (t + 3.5) e^(t^2/2) Phi(-t) in y = 1/(t + 3.5), 0 <= t <= 12: error 2^-20.8.
inline constexpr double kGaussHalf[] = {
    0x1.97e4428589ff8p-2, 0x1.6ec2e85714539p+0, 0x1.ca6956f0c1eb8p+1, 0x1.93c6330fd5ebap+4,
    -0x1.0c7079f361bbdp+6, 0x1.0795bc1c7696cp+9, -0x1.19d6f182cba07p+10, 0x1.7c1e68fc14ba3p+9,
};
// clang-format on

}  // namespace actfn::coefficients
