// SPDX-License-Identifier: Apache-2.0
// Polynomials and constants of src/math/precise.h. Written by
// tools/precise_coefficients.py.
#pragma once

namespace actfn::coefficients {

// clang-format off
// (e^r - 1 - r)/r^2, |r| <= ln2/32: error 2^-49.4.
inline constexpr double kExpm1Tight[] = {
    0x1.0000000000000p-1, 0x1.55555554dc4e3p-3, 0x1.5555555518d1dp-5, 0x1.11120bf7291fap-7,
    0x1.6c17bc52194bep-10,
};

// ln 2 / 16
inline constexpr double kLn2Sixteenth[] = {0x1.62e42fefa39efp-5, 0x1.abc9e3b39803fp-60};

// log1p(u)/u, 0 <= u <= 1: error 2^-46.0.
inline constexpr double kLog1pTight[] = {
    0x1.fffffffffff7cp-1, -0x1.ffffffffdaca4p-2, 0x1.5555554744477p-2, -0x1.fffffbc3087c7p-3,
    0x1.999942f00da9dp-3, -0x1.555119054954fp-3, 0x1.246efa7d41e06p-3, -0x1.fe61730b22476p-4,
    0x1.c02721300642bp-4, -0x1.83164f769ffadp-4, 0x1.3c47d6ec21b46p-4, -0x1.cf2c5906c5f7cp-5,
    0x1.1d61e3fdf33afp-5, -0x1.14168f5ec7ec1p-6, 0x1.81686308ac65cp-8, -0x1.54cd80e948bc3p-10,
    0x1.1c635497ec75fp-13,
};

// (t + 1.5) e^(t^2/2) Phi(-t) in y = (t-3)/(t+3), t <= 14.8: error 2^-46.5.
inline constexpr double kGaussTight[] = {
    0x1.17f7d7d3c1397p-1, -0x1.990b06f48317dp-3, 0x1.721df1e9b8a8ep-5, 0x1.6962706bf9dd5p-6,
    -0x1.4228351a74c2ap-6, 0x1.5696e083a5699p-9, 0x1.497ec55697617p-9, -0x1.148cb583fd6bep-11,
    -0x1.dbee9efd0b4c9p-12, 0x1.b17b6ec6823e7p-15, 0x1.99c345f9c668ep-14, 0x1.44845a7e7f722p-17,
    -0x1.3be95adf643f7p-16, -0x1.fc3573d6bc033p-18, 0x1.06f061aa06a1bp-19, 0x1.338929f3c41a2p-19,
    0x1.42e5630bc1903p-22, -0x1.304abc86e4109p-22, -0x1.9285d9f52a424p-24,
};
// clang-format on

}  // namespace actfn::coefficients
