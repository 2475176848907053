// SPDX-License-Identifier: Apache-2.0
// Polynomials and constants of src/math. Written by tools/coefficients.py.
#pragma once

#include <cstdint>

namespace actfn::coefficients {

// clang-format off
// (e^r - 1 - r)/r^2, |r| <= ln2/32: error 2^-31.0.
inline constexpr double kExpm1Quick[] = {
    0x1.0000000000000p-1, 0x1.5556e07feba25p-3, 0x1.55565cc6ea8f1p-5,
};

// the same, |r| <= ln2/16, for float32: error 2^-27.0.
inline constexpr double kExpm1Single[] = {
    0x1.0000000000000p-1, 0x1.555b8209e4c86p-3, 0x1.55597320c55a2p-5,
};

// ln 2 / 8, 12 bits in the first
inline constexpr double kLn2Single[] = {0x1.62e0000000000p-4, 0x1.0bfbe8e7bcd5ep-18};

// The bits of 2^(j/8) as a float, less j 2^20, twice over; and what its rounding took
// away, relative to it.
inline constexpr std::int32_t kExpTableSingle[] = {
    0x3f800000, 0x3f7b95c2, 0x3f7837f0, 0x3f75fed7, 0x3f7504f3, 0x3f75672a, 0x3f7744fd,
    0x3f7ac0c7, 0x3f800000, 0x3f7b95c2, 0x3f7837f0, 0x3f75fed7, 0x3f7504f3, 0x3f75672a,
    0x3f7744fd, 0x3f7ac0c7,
};
inline constexpr float kExpRestSingle[] = {
    0x0p+0F, -0x1.9c0c22p-27F, 0x1.125002p-25F, -0x1.0a355p-25F, 0x1.26055cp-26F, 0x1.67a1cap-28F,
    -0x1.f9c304p-27F, -0x1.a5217cp-28F, 0x0p+0F, -0x1.9c0c22p-27F, 0x1.125002p-25F,
    -0x1.0a355p-25F, 0x1.26055cp-26F, 0x1.67a1cap-28F, -0x1.f9c304p-27F, -0x1.a5217cp-28F,
};

// The bits of 2^(j/16) as a double, less j 2^48: adding k 2^48 gives 2^(k/16) for
// every k with the last four bits of j.
inline constexpr std::int64_t kExpTable[] = {
    0x3ff0000000000000, 0x3fefb5586cf9890f, 0x3fef72b83c7d517b, 0x3fef387a6e756238,
    0x3fef06fe0a31b715, 0x3feedea64c123422, 0x3feebfdad5362a27, 0x3feeab07dd485429,
    0x3feea09e667f3bcd, 0x3feea11473eb0187, 0x3feeace5422aa0db, 0x3feec49182a3f090,
    0x3feee89f995ad3ad, 0x3fef199bdd85529c, 0x3fef5818dcfba487, 0x3fefa4afa2a490da,
};

// (e^r - 1 - r - r^2/2)/r^3, |r| <= ln2/2: error 2^-59.3.
inline constexpr double kExpm1Precise[] = {
    0x1.5555555555555p-3, 0x1.5555555555556p-5, 0x1.1111111111111p-7, 0x1.6c16c16c162b0p-10,
    0x1.a01a01a019b16p-13, 0x1.a01a01a6ec522p-16, 0x1.71de3a590fad2p-19, 0x1.27e4db25ce3adp-22,
    0x1.ae643407385d9p-26, 0x1.1f7385560be05p-29, 0x1.61b3421226041p-33,
};

// ln 2, 40 bits in the first two
inline constexpr double kLn2[] = {
    0x1.62e42fefa2000p-1, 0x1.9ef35793c6000p-41, 0x1.673007e5ed5e8p-81, 0x1.e6864ce5316c6p-137,
};

// The bits of 2^(j/8), rounded to 12 bits, as a float, less j 2^20: adding k 2^20 makes
// them those of 2^(k/8). And what rounding did to its logarithm. Each twice.
inline constexpr std::int32_t kExpSteps[] = {
    0x3f800000, 0x3f7b9000, 0x3f783000, 0x3f760000, 0x3f750000, 0x3f756000, 0x3f774000,
    0x3f7ac000, 0x3f800000, 0x3f7b9000, 0x3f783000, 0x3f760000, 0x3f750000, 0x3f756000,
    0x3f774000, 0x3f7ac000,
};
inline constexpr float kExpDeltas[] = {
    0x0p+0F, -0x1.51eb06p-13F, -0x1.ab493p-13F, 0x1.ca8cep-16F, -0x1.c00c4p-14F, -0x1.29552p-13F,
    -0x1.7b9c1cp-14F, -0x1.b1d1bap-17F, 0x0p+0F, -0x1.51eb06p-13F, -0x1.ab493p-13F,
    0x1.ca8cep-16F, -0x1.c00c4p-14F, -0x1.29552p-13F, -0x1.7b9c1cp-14F, -0x1.b1d1bap-17F,
};

// ln 2 / 8
inline constexpr double kLn2EighthSingle[] = {0x1.62e4300000000p-4, -0x1.05c6100000000p-32};

// (e^r - 1 - r)/r^2 for e^r, |r| <= ln2/16 and 2^-12: error 2^-32.0.
inline constexpr double kGrowth[] = {
    0x1.0000000000000p-1, 0x1.555c300000000p-3, 0x1.5559e80000000p-5,
};

// the same for e^r - 1, whose relative error counts: error 2^-34.6.
inline constexpr double kGrowthNear[] = {
    0x1.0000000000000p-1, 0x1.5555560000000p-3, 0x1.555a6a0000000p-5, 0x1.1113f80000000p-7,
};

// (2 e^r - 2)/r, |r| <= ln2/2: error 2^-22.2.
inline constexpr double kTwiceExp[] = {
    0x1.0000000000000p+1, 0x1.fffe5aa63cb93p-1, 0x1.5554dd04e58bep-2, 0x1.570b976d7eabfp-4,
    0x1.120b616c43f75p-6,
};

// ln 2, 14 bits in the first
inline constexpr double kLn2Coarse[] = {0x1.62e8000000000p-1, -0x1.e8082e0000000p-16};

// ln 2
inline constexpr double kLogTwo[] = {0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};

// log1p(u)/u, 0 <= u <= 1: error 2^-35.4.
inline constexpr double kLog1pQuick[] = {
    0x1.ffffffffd0cdcp-1, -0x1.ffffff83090a7p-2, 0x1.5555399fff040p-2, -0x1.fffb1dd16699bp-3,
    0x1.995f95ec7abe6p-3, -0x1.53b4260c5cffcp-3, 0x1.1cdfb9f191c54p-3, -0x1.cd9fcac54f9c7p-4,
    0x1.5065a177b9a83p-4, -0x1.923f3d450e431p-5, 0x1.62447f9e11576p-6, -0x1.8cc7aa9740b75p-8,
    0x1.a0d0de7fa0aeap-11,
};

// (log1p(u) - u + u^2/2)/u^3, 0 <= u <= 1: error 2^-56.3.
inline constexpr double kLog1pPrecise[] = {
    0x1.5555555555555p-2, -0x1.fffffffffffcap-3, 0x1.99999999977c4p-3, -0x1.55555554ccc78p-3,
    0x1.249249123ba53p-3, -0x1.fffffcf75bd86p-4, 0x1.c71c46978cc44p-4, -0x1.9997e3bc22356p-4,
    0x1.74503a2fd3fd7p-4, -0x1.550b6899acc93p-4, 0x1.39c7b2167f4dep-4, -0x1.1ff0855db17d1p-4,
    0x1.03b8c91b69e44p-4, -0x1.c1344bb89f95ap-5, 0x1.67ca323314288p-5, -0x1.0059e19924c19p-5,
    0x1.3754dad62184fp-6, -0x1.33e892b9a2163p-7, 0x1.d6634dc0ae339p-9, -0x1.02200aa465119p-10,
    0x1.681f4bd4d6dacp-13, -0x1.ddd1a1a0fffa2p-17,
};

// (log((1+s)/(1-s)) - 2s)/s^3 in v = s^2, 1/sqrt(2) <= (1+s)/(1-s) <= sqrt(2): error 2^-57.5.
inline constexpr double kLogHalves[] = {
    0x1.5555555555558p-1, 0x1.9999999995204p-2, 0x1.2492492e09d4dp-2, 0x1.c71c62c639fdep-3,
    0x1.7462bd8f7796ep-3, 0x1.39fd392179a95p-3, 0x1.2b6688a387e03p-3,
};

// c, and -log(c) as a sum of two, for 8 intervals of u, whose middles are the sevenths from 0 to 1:
// (1 + u) c is about 1. Each twice.
inline constexpr float kLog1pNodes[][16] = {
    {
    0x1p+0F, 0x1.cp-1F, 0x1.8ep-1F, 0x1.66p-1F, 0x1.46p-1F, 0x1.2bp-1F, 0x1.14p-1F, 0x1p-1F,
    0x1p+0F, 0x1.cp-1F, 0x1.8ep-1F, 0x1.66p-1F, 0x1.46p-1F, 0x1.2bp-1F, 0x1.14p-1F, 0x1p-1F,
    },
    {
    0x0p+0F, 0x1.1178e8p-3F, 0x1.01eae6p-2F, 0x1.6e60eep-2F, 0x1.ce42f2p-2F, 0x1.136526p-1F,
    0x1.3c608p-1F, 0x1.62e43p-1F, 0x0p+0F, 0x1.1178e8p-3F, 0x1.01eae6p-2F, 0x1.6e60eep-2F,
    0x1.ce42f2p-2F, 0x1.136526p-1F, 0x1.3c608p-1F, 0x1.62e43p-1F,
    },
    {
    0x0p+0F, 0x1.13f23ep-30F, -0x1.3b272ep-27F, 0x1.abc65cp-28F, -0x1.fe6e3p-28F,
    -0x1.a81ef4p-26F, 0x1.86d7f6p-26F, -0x1.05c61p-29F, 0x0p+0F, 0x1.13f23ep-30F,
    -0x1.3b272ep-27F, 0x1.abc65cp-28F, -0x1.fe6e3p-28F, -0x1.a81ef4p-26F, 0x1.86d7f6p-26F,
    -0x1.05c61p-29F,
    },
};

// (log1p(s) - s)/s^2, |s| <= 0.074: error 2^-33.0.
inline constexpr double kLog1pSingle[] = {
    -0x1.0000000000000p-1, 0x1.5554fb03e226cp-2, -0x1.ffff61eb4b6a4p-3, 0x1.9b9c78b658023p-3,
    -0x1.5717e6a1344b1p-3,
};

// log(cosh(x/2))/x^2 in v = x^2, |x| <= 1/4: error 2^-36.2.
inline constexpr double kLogCosh[] = {
    0x1.fffffff249d9ep-4, -0x1.55545e74e0cdcp-8, 0x1.69835a3d07eedp-12,
};

// (t + 1.5) e^(t^2/2) Phi(-t) in y = (t-3)/(t+3), t <= 14.8: error 2^-31.9.
inline constexpr double kGaussQuick[] = {
    0x1.17f7d7d4340f2p-1, -0x1.990b072a4a6c0p-3, 0x1.721dee2345d97p-5, 0x1.6962b556c1533p-6,
    -0x1.42277d732dd72p-6, 0x1.567ed3a8701d4p-9, 0x1.4947b08b8849cp-9, -0x1.12eddea1f47c9p-11,
    -0x1.d41b0631b7344p-12, 0x1.898c02e092515p-15, 0x1.559b1707d51f5p-14, 0x1.1a8308dec5feep-17,
    -0x1.2809aac04f156p-18,
};

// (t + 1.5) e^(t^2/2) Phi(-t) in y = (t-3)/(t+3), t <= 39: at y = 0
inline constexpr double kGaussMiddle[] = {0x1.17f7d7d3c1377p-1, 0x1.ea1155ecc62f5p-56};

// and (that - that at 0)/y: error 2^-57.9.
inline constexpr double kGaussPrecise[] = {
    -0x1.990b06f483e4ep-3, 0x1.721df1e9da8c8p-5, 0x1.6962706e4d901p-6, -0x1.42283525c107ap-6,
    0x1.5696de7400f30p-9, 0x1.497ecacb1ee4dp-9, -0x1.148c4865d234fp-11, -0x1.dbefcd4e3139cp-12,
    0x1.b14a0a0e4b864p-15, 0x1.99d10ddf9ec49p-14, 0x1.47c36084e694bp-17, -0x1.3bdf536a7a10fp-16,
    -0x1.0601af9069d4fp-17, 0x1.f0343bd98c1bbp-20, 0x1.5c7ba6c1b5d49p-19, 0x1.334bcc5f55b59p-21,
    -0x1.cf1f4791296acp-22, -0x1.7a206e82ed7c8p-22, -0x1.b7c45e9d3a83ep-25, 0x1.444b3689d50a9p-24,
    0x1.d392ec8fc37fbp-25, 0x1.4ee0810b47c90p-28, -0x1.d7366c1658f3dp-27, -0x1.ed0ae677ec67bp-28,
    0x1.f715704cf8233p-32, 0x1.84a726c364273p-30, 0x1.76e02f6df624ep-32,
};

// 1/sqrt(2 pi)
inline constexpr double kInverseSqrt2Pi[] = {0x1.9884533d43651p-2, -0x1.cbc0d30ebfd15p-56};

// 2 sqrt(2/pi)
inline constexpr double kGeluTanhLinear[] = {0x1.9884533d43651p+0, -0x1.cbc0d30ebfd15p-54};

// 2 sqrt(2/pi) 0.044715
inline constexpr double kGeluTanhCubic[] = {0x1.2444f2a4d8b4bp-4, -0x1.6c843a29d1c70p-61};

// e^(t^2/2) Phi(-t) in 8 intervals of t, two an octave of t + 1.125, each a column: a
// place m near the middle, where the slope is almost a float; and coefficients in t - m,
// the first a sum of two: error 2^-27.6.
inline constexpr float kGaussSingle[][16] = {
    {
    0x1.6c8p+0F, 0x1.2acp+1F, 0x1.e7p+1F, 0x1.77p+2F, 0x1.1e2p+3F, 0x1.98ap+3F, 0x1.854p-3F,
    0x1.35p-1F, 0x1.6c8p+0F, 0x1.2acp+1F, 0x1.e7p+1F, 0x1.77p+2F, 0x1.1e2p+3F, 0x1.98ap+3F,
    0x1.854p-3F, 0x1.35p-1F,
    },
    {
    0x1.b3f36ap-3F, 0x1.31c364p-3F, 0x1.947ef2p-4F, 0x1.0f6192p-4F, 0x1.69187cp-5F, 0x1.fcc81p-6F,
    0x1.babef4p-2F, 0x1.4f7ebep-2F, 0x1.b3f36ap-3F, 0x1.31c364p-3F, 0x1.947ef2p-4F,
    0x1.0f6192p-4F, 0x1.69187cp-5F, 0x1.fcc81p-6F, 0x1.babef4p-2F, 0x1.4f7ebep-2F,
    },
    {
    0x1.5859bep-28F, -0x1.7c5b88p-30F, 0x1.66fa1ep-33F, 0x1.f2dcb4p-29F, -0x1.a14432p-34F,
    0x1.ca2256p-32F, 0x1.d964e4p-27F, 0x1.e6d492p-27F, 0x1.5859bep-28F, -0x1.7c5b88p-30F,
    0x1.66fa1ep-33F, 0x1.f2dcb4p-29F, -0x1.a14432p-34F, 0x1.ca2256p-32F, 0x1.d964e4p-27F,
    0x1.e6d492p-27F,
    },
    {
    -0x1.88a122p-4F, -0x1.9d8c74p-5F, -0x1.7c593ep-6F, -0x1.5f8c9ep-7F, -0x1.3b756cp-8F,
    -0x1.3af3cep-9F, -0x1.445df8p-2F, -0x1.9c14aap-3F, -0x1.88a122p-4F, -0x1.9d8c74p-5F,
    -0x1.7c593ep-6F, -0x1.5f8c9ep-7F, -0x1.3b756cp-8F, -0x1.3af3cep-9F, -0x1.445df8p-2F,
    -0x1.9c14aap-3F,
    },
    {
    0x1.38dd64p-5F, 0x1.01d64p-6F, 0x1.55c084p-8F, 0x1.bcc2a4p-10F, 0x1.107b5cp-11F,
    0x1.83a9e2p-13F, 0x1.7d1878p-3F, 0x1.a64b06p-4F, 0x1.38dd64p-5F, 0x1.01d64p-6F,
    0x1.55c084p-8F, 0x1.bcc2a4p-10F, 0x1.107b5cp-11F, 0x1.83a9e2p-13F, 0x1.7d1878p-3F,
    0x1.a64b06p-4F,
    },
    {
    -0x1.c50f12p-7F, -0x1.2c69eap-8F, -0x1.26da9ap-10F, -0x1.132ba2p-12F, -0x1.d1992cp-15F,
    -0x1.da6f4p-17F, -0x1.803382p-4F, -0x1.7b88b6p-5F, -0x1.c50f12p-7F, -0x1.2c69eap-8F,
    -0x1.26da9ap-10F, -0x1.132ba2p-12F, -0x1.d1992cp-15F, -0x1.da6f4p-17F, -0x1.803382p-4F,
    -0x1.7b88b6p-5F,
    },
    {
    0x1.2f3508p-8F, 0x1.4a2ec6p-10F, 0x1.ea58c4p-13F, 0x1.4d70fap-15F, 0x1.899b9cp-18F,
    0x1.20ab92p-20F, 0x1.589598p-5F, 0x1.33c3d6p-6F, 0x1.2f3508p-8F, 0x1.4a2ec6p-10F,
    0x1.ea58c4p-13F, 0x1.4d70fap-15F, 0x1.899b9cp-18F, 0x1.20ab92p-20F, 0x1.589598p-5F,
    0x1.33c3d6p-6F,
    },
    {
    -0x1.7b5baap-10F, -0x1.58b5fp-12F, -0x1.89a598p-15F, -0x1.8bdd06p-18F, -0x1.48337p-21F,
    -0x1.5d1624p-24F, -0x1.1927dap-6F, -0x1.caa30ap-8F, -0x1.7b5baap-10F, -0x1.58b5fp-12F,
    -0x1.89a598p-15F, -0x1.8bdd06p-18F, -0x1.48337p-21F, -0x1.5d1624p-24F, -0x1.1927dap-6F,
    -0x1.caa30ap-8F,
    },
    {
    0x1.be406ap-12F, 0x1.5889fcp-14F, 0x1.34f51ep-17F, 0x1.cde4b2p-21F, 0x1.0e7ad2p-24F,
    0x1.a54892p-28F, 0x1.a7c9a6p-8F, 0x1.3e40ccp-9F, 0x1.be406ap-12F, 0x1.5889fcp-14F,
    0x1.34f51ep-17F, 0x1.cde4b2p-21F, 0x1.0e7ad2p-24F, 0x1.a54892p-28F, 0x1.a7c9a6p-8F,
    0x1.3e40ccp-9F,
    },
    {
    -0x1.03ee9cp-13F, -0x1.51d748p-16F, -0x1.f2a072p-20F, -0x1.144e6cp-23F, -0x1.eacac8p-28F,
    -0x1.07d734p-31F, -0x1.2cc77ep-9F, -0x1.a320ccp-11F, -0x1.03ee9cp-13F, -0x1.51d748p-16F,
    -0x1.f2a072p-20F, -0x1.144e6cp-23F, -0x1.eacac8p-28F, -0x1.07d734p-31F, -0x1.2cc77ep-9F,
    -0x1.a320ccp-11F,
    },
    {
    0x1.38b93ap-15F, 0x1.1f5aeap-18F, 0x1.4928f4p-22F, 0x1.30bc0cp-26F, 0x1.a776b6p-31F,
    0x1.256baep-35F, 0x1.915344p-11F, 0x1.e88b1ap-13F, 0x1.38b93ap-15F, 0x1.1f5aeap-18F,
    0x1.4928f4p-22F, 0x1.30bc0cp-26F, 0x1.a776b6p-31F, 0x1.256baep-35F, 0x1.915344p-11F,
    0x1.e88b1ap-13F,
    },
};

// gelu's tanh form in float32: 2 sqrt(2/pi) 0.044715 = b; ln2/8/b, and ln2/8 less b times that;
// 1/0.044715.
inline constexpr double kGeluTanhScale = 0x1.2444f20000000p-4;
inline constexpr double kGeluTanhStep = 0x1.36d9d60000000p+0;
inline constexpr double kGeluTanhStepRest = -0x1.4e96ba0000000p-29;
inline constexpr double kGeluTanhShift[] = {0x1.65d25e0000000p+4, 0x1.bb3db00000000p-21};

// erf(z)/z in v = z^2, z <= 1: error 2^-34.7.
inline constexpr double kErfQuick[] = {
    0x1.20dd7504045d6p+0, -0x1.81274665754c3p-2, 0x1.ce2f08fec14fdp-4, -0x1.b829c897922e5p-6,
    0x1.562a60ddba6e6p-8, -0x1.bccf664d7f763p-11, 0x1.d887505de3ba6p-14, -0x1.445f47d33d87bp-17,
};

// (erf(z)/z - 2/sqrt(pi))/z^2 in v = z^2, z <= 1: error 2^-55.2.
inline constexpr double kErfPrecise[] = {
    -0x1.812746b0379e7p-2, 0x1.ce2f21a042be1p-4, -0x1.b82ce31288b20p-6, 0x1.565bcd0e6947fp-8,
    -0x1.c02db3ffe0c21p-11, 0x1.f9a326e5405bcp-14, -0x1.f4d2596fb33a0p-17, 0x1.b9e687c3e0abbp-20,
    -0x1.5f70026e262cep-23, 0x1.fc686faf628abp-27, -0x1.4f16018750568p-30, 0x1.830ed95421e60p-34,
    -0x1.33d62c94107ddp-38,
};

// 2/sqrt(pi)
inline constexpr double kTwoOverSqrtPi[] = {0x1.20dd750429b6dp+0, 0x1.1ae3a914fed80p-56};

// sqrt(2)
inline constexpr double kSqrt2[] = {0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54};

// The start of the next one, and -log(erfc(a)) there as a sum of two
inline constexpr double kErfStart[] = {
    0x1.0000000000000p-1, 0x1.7853600000000p-1, 0x1.f3629a0000000p-26,
};

// (-log(erfc(a)) - that at the start)/(a - start) in a - start, a <= 3.95. In erf(a):
// error 2^-28.7.
inline constexpr double kErfSingle[] = {
    0x1.d52c320000000p+0, 0x1.86aec60000000p-1, 0x1.12a1500000000p-4, -0x1.ff2e1c0000000p-7,
    0x1.2e458a0000000p-9, 0x1.be705e0000000p-14, -0x1.85fef60000000p-13, 0x1.d51c660000000p-15,
    -0x1.16993c0000000p-17, 0x1.141b740000000p-21,
};

// (x - tanh x)/x^3 in v = x^2, v <= 1: error 2^-31.1.
inline constexpr double kTanhshrinkQuick[] = {
    0x1.55555552c2397p-2, -0x1.11110dcccb7a9p-3, 0x1.ba1a40daac299p-5, -0x1.663249914dd83p-6,
    0x1.2137f4495df3ap-7, -0x1.c7eb486e672fdp-9, 0x1.459fc74aa9ea7p-10, -0x1.6217eb100c968p-12,
    0x1.96925494e5eadp-15,
};

// ((x - tanh x)/x^3 - 1/3)/x^2 in v = x^2, v <= 1: error 2^-57.6.
inline constexpr double kTanhshrinkPrecise[] = {
    -0x1.1111111111111p-3, 0x1.ba1ba1ba1ba0ep-5, -0x1.664f4882c06bcp-6, 0x1.226e355e3b2bfp-7,
    -0x1.d6d3d0d1e48a0p-9, 0x1.7da362d6c9103p-10, -0x1.35580c55bcd17p-11, 0x1.f57b514b2d879p-13,
    -0x1.966c650db36c9p-14, 0x1.4911530f41a40p-15, -0x1.0920539c1786cp-16, 0x1.a34b82affbbaep-18,
    -0x1.3a46399bc3318p-19, 0x1.a222374b79e44p-21, -0x1.bddb2a5b6e47fp-23, 0x1.46001e44406c8p-25,
    -0x1.db978852e4582p-29,
};

// 1/3
inline constexpr double kThird[] = {0x1.5555555555555p-2, 0x1.5555555555555p-56};

// (sin r - r)/r^3 in v = r^2, |r| <= pi/4: error 2^-35.7.
inline constexpr double kSinQuick[] = {
    -0x1.555555545c0f8p-3, 0x1.11110dea5e8c0p-7, -0x1.a013a11619d1bp-13, 0x1.6dbbee1f24647p-19,
};

// (cos r - 1)/r^2: error 2^-42.0.
inline constexpr double kCosQuick[] = {
    -0x1.fffffffffe656p-2, 0x1.5555555147373p-5, -0x1.6c16badbea939p-10, 0x1.a01291464359ep-16,
    -0x1.2473214f428b9p-22,
};

// (sin r - r)/r^3 in v = r^2, |r| <= pi/4: error 2^-57.3.
inline constexpr double kSinPrecise[] = {
    -0x1.5555555555555p-3, 0x1.1111111111111p-7, -0x1.a01a01a01a01ap-13, 0x1.71de3a556c733p-19,
    -0x1.ae64567f54148p-26, 0x1.61246139ffdd7p-33, -0x1.ae7f3d009d07dp-41, 0x1.952a25ab8e46ap-49,
    -0x1.2d492e3bf88d9p-57,
};

// (cos r - 1 + r^2/2)/r^4: error 2^-60.0.
inline constexpr double kCosPrecise[] = {
    0x1.5555555555555p-5, -0x1.6c16c16c16c17p-10, 0x1.a01a01a01a019p-16, -0x1.27e4fb7789d93p-22,
    0x1.1eed8eff32b32p-29, -0x1.9397495269c33p-37, 0x1.ae7ce67d816f8p-45, -0x1.65d18fe933621p-53,
};

// pi/2, 33 bits in the first two
inline constexpr double kHalfPi[] = {
    0x1.921fb54400000p+0, 0x1.0b4611a600000p-34, 0x1.3198a2e037073p-69, 0x1.129024e088a68p-123,
};

// pi/2
inline constexpr double kQuarterTurn[] = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};

// atan(z)/z in v = z^2, z <= 1: error 2^-33.7.
inline constexpr double kAtanQuick[] = {
    0x1.ffffffff64898p-1, -0x1.555553f671b9ap-2, 0x1.999914dc909cfp-3, -0x1.2488519fa5a60p-3,
    0x1.c6533dfc9a77bp-4, -0x1.6f95036b2d2f5p-4, 0x1.2811fdeff7003p-4, -0x1.ba035c4e8d652p-5,
    0x1.151ab904c9279p-5, -0x1.0354cc23b8650p-6, 0x1.3625e8d6eefb9p-8, -0x1.5bcf6e5741041p-11,
};

// (atan(z) - z)/z^3 in v = z^2, z <= 1: error 2^-57.0.
inline constexpr double kAtanPrecise[] = {
    -0x1.5555555555555p-2, 0x1.9999999999994p-3, -0x1.24924924920f5p-3, 0x1.c71c71c6fc8c9p-4,
    -0x1.745d17412271bp-4, 0x1.3b13b0ce8aff4p-4, -0x1.11110a746070dp-4, 0x1.e1e14ec4e4c39p-5,
    -0x1.af23abb356af8p-5, 0x1.85fa5056a06ccp-5, -0x1.639775bb08f45p-5, 0x1.4560f34706c85p-5,
    -0x1.280da61ab6494p-5, 0x1.0740e7b22ddb7p-5, -0x1.bd57b2a70fb25p-6, 0x1.5a0e630f82889p-6,
    -0x1.db3ca635fdf7fp-7, 0x1.14e2d5c3cf8dfp-7, -0x1.062861c099837p-8, 0x1.7f300a4168aa2p-10,
    -0x1.929735fe2c7dap-12, 0x1.0d2ba64dc4b35p-14, -0x1.56d93881af28bp-18,
};

// pi/2 as a sum of four, the first two with 12 bits
inline constexpr double kHalfPiSingle[] = {
    0x1.9200000000000p+0, 0x1.fb40000000000p-12, 0x1.4442d20000000p-24, -0x1.ee59da0000000p-50,
};

// (cos r - 1 + r^2/2)/r^4 in v = r^2, |r| <= pi/4: error 2^-30.3.
inline constexpr double kCosSingle[] = {
    0x1.5555543fd0b8fp-5, -0x1.6c12ceea84a52p-10, 0x1.9bd670a50ba0cp-16,
};

// c, and atan(c) as a sum of two, for 16 intervals: two in each octave from 1/8 to 16, in the
// order of the last exponent bit and so on; before them one for c = 0, behind them one for pi/2.
inline constexpr float kAtanNodes[][16] = {
    {
    0x1.36p+1F, 0x1.b8p+1F, 0x1.34p+2F, 0x1.b8p+2F, 0x1.34p+3F, 0x1.b6p+3F, 0x0p+0F, 0x0p+0F,
    0x1.4p-3F, 0x1.cp-3F, 0x1.3ep-2F, 0x1.bep-2F, 0x1.3cp-1F, 0x1.bcp-1F, 0x1.38p+0F, 0x1.bap+0F,
    },
    {
    0x1.2de11cp+0F, 0x1.49a6bep+0F, 0x1.5dace8p+0F, 0x1.6d2596p+0F, 0x1.779f1ep+0F,
    0x1.7f742ep+0F, 0x1.921fb6p+0F, 0x0p+0F, 0x1.3d6eeep-3F, 0x1.b90d76p-3F, 0x1.3454bep-2F,
    0x1.a4a0dep-2F, 0x1.1b1dc8p-1F, 0x1.6dc446p-1F, 0x1.c470acp-1F, 0x1.0bbb02p+0F,
    },
    {
    0x1.f8c8bep-25F, 0x1.061d2ap-27F, 0x1.537fc8p-26F, -0x1.2c29bp-26F, -0x1.1e2e8p-25F,
    0x1.f0dccap-26F, -0x1.777a5cp-25F, 0x0p+0F, 0x1.18cc4ep-28F, -0x1.adb3ecp-28F, 0x1.5c828p-28F,
    0x1.b05d1ep-27F, 0x1.e410a2p-27F, -0x1.5d558ap-26F, -0x1.a585fep-30F, -0x1.e1fbcp-25F,
    },
};

// (atan(r) - r)/r^3 in v = r^2, |r| <= 1/8: error 2^-32.2.
inline constexpr double kAtanSingle[] = {
    -0x1.5555547613d01p-2, 0x1.9991beded32c9p-3, -0x1.1f5053e890139p-3,
};

// scale
inline constexpr double kSeluScale[] = {0x1.0cfabd6a91132p+0, 0x1.6fc7d272f2695p-55};

// scale alpha
inline constexpr double kSeluScaleAlpha[] = {0x1.c212cc640f031p+0, 0x1.05161b045a1fep-56};
// clang-format on

}  // namespace actfn::coefficients
