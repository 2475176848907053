// SPDX-License-Identifier: Apache-2.0
// Polynomials for Accuracy::fast. Written by tools/fast_coefficients.py.
#pragma once

namespace actfn::coefficients {

// clang-format off
// 2^f, |f| <= 1/2: error 2^-28.6.
inline constexpr double kExp2Fast[] = {
    0x1.0000000000000p+0, 0x1.62e430d034702p-1, 0x1.ebfbe045f4d3cp-3, 0x1.c6aecc669b6ddp-5,
    0x1.3b2a1b7152befp-7, 0x1.5f48c04f62e50p-10, 0x1.443fffc90db59p-13,
};

// (2^f - 1)/f, |f| <= 1/2: error 2^-31.8.
inline constexpr double kExp2m1Fast[] = {
    0x1.62e42fefa39efp-1, 0x1.ebfbe045f4d3cp-3, 0x1.c6b08d883dca1p-5, 0x1.3b2a1b7152befp-7,
    0x1.5d879ead06a82p-10, 0x1.443fffc90db59p-13, 0x1.00a581594758ep-16,
};

// log1p(u)/u, 0 <= u <= 1: error 2^-27.5.
inline constexpr double kLog1pFast[] = {
    0x1.ffffffd2190fdp-1, -0x1.ffffb7f513e47p-2, 0x1.554bd6171eb73p-2, -0x1.ff025472829b7p-3,
    0x1.92b42ff55b9d2p-3, -0x1.38b908386a763p-3, 0x1.afdde89d3984cp-4, -0x1.cdd008eece3ffp-5,
    0x1.402f4cdde7538p-6, -0x1.a04aca0c7db3fp-9,
};

// atan(r)/r in v = r^2, 0 <= r <= 1: error 2^-25.7.
inline constexpr double kAtanFast[] = {
    0x1.ffffff6390d49p-1, -0x1.55548e45b5c7dp-2, 0x1.996efc6c11375p-3, -0x1.22c559a010b91p-3,
    0x1.b2edafa39a8fbp-4, -0x1.316eca4164bbap-4, 0x1.59310067e5500p-5, -0x1.01bda420520afp-6,
    0x1.6a951257d3139p-9,
};

// (r - tanh(r))/r^3 in v = r^2, 0 <= r <= 1: error 2^-27.5.
inline constexpr double kTanhshrinkFast[] = {
    0x1.55555536fde60p-2, -0x1.1110f2a109b7ep-3, 0x1.ba117bb1a0249p-5, -0x1.65a7c3978310ep-6,
    0x1.1d02d57a7633ap-7, -0x1.a4527757a8945p-9, 0x1.e42e2f7690fdep-11, -0x1.2b758252359aap-13,
};

// e^(t^2/2) Phi(-t) in 8 intervals of t, two an octave of t + 1.125, each a column:
// the middle m and coefficients in t - m: error 2^-24.5.
inline constexpr float kGaussFast[][16] = {
    {
    0x1.6p+0F, 0x1.3p+1F, 0x1.fp+1F, 0x1.78p+2F, 0x1.1cp+3F, 0x1.9cp+3F, 0x1.8p-3F, 0x1.4p-1F,
    0x1.6p+0F, 0x1.3p+1F, 0x1.fp+1F, 0x1.78p+2F, 0x1.1cp+3F, 0x1.9cp+3F, 0x1.8p-3F, 0x1.4p-1F,
    },
    {
    0x1.bdb9f2p-3F, 0x1.2d938ap-3F, 0x1.8dea02p-4F, 0x1.0eb23cp-4F, 0x1.6bbbacp-5F,
    0x1.f8a9a8p-6F, 0x1.bb9424p-2F, 0x1.4b1de2p-2F, 0x1.bdb9f2p-3F, 0x1.2d938ap-3F,
    0x1.8dea02p-4F, 0x1.0eb23cp-4F, 0x1.6bbbacp-5F, 0x1.f8a9a8p-6F, 0x1.bb9424p-2F,
    0x1.4b1de2p-2F,
    },
    {
    -0x1.9851f2p-4F, -0x1.9328f6p-5F, -0x1.709a1ap-6F, -0x1.5dd176p-7F, -0x1.4007e8p-8F,
    -0x1.35e71ap-9F, -0x1.45588cp-2F, -0x1.93234ep-3F, -0x1.9851f2p-4F, -0x1.9328f6p-5F,
    -0x1.709a1ap-6F, -0x1.5dd176p-7F, -0x1.4007e8p-8F, -0x1.35e71ap-9F, -0x1.45588cp-2F,
    -0x1.93234ep-3F,
    },
    {
    0x1.4a0338p-5F, 0x1.f199cp-7F, 0x1.46a5acp-8F, 0x1.b98d06p-10F, 0x1.165c86p-11F,
    0x1.7a6e14p-13F, 0x1.7e938ap-3F, 0x1.9a45b2p-4F, 0x1.4a0338p-5F, 0x1.f199cp-7F,
    0x1.46a5acp-8F, 0x1.b98d06p-10F, 0x1.165c86p-11F, 0x1.7a6e14p-13F, 0x1.7e938ap-3F,
    0x1.9a45b2p-4F,
    },
    {
    -0x1.e3d534p-7F, -0x1.1f39e8p-8F, -0x1.1634fap-10F, -0x1.10949ap-12F, -0x1.dee588p-15F,
    -0x1.cb82a6p-17F, -0x1.81f8f6p-4F, -0x1.6e920cp-5F, -0x1.e3d534p-7F, -0x1.1f39e8p-8F,
    -0x1.1634fap-10F, -0x1.10949ap-12F, -0x1.dee588p-15F, -0x1.cb82a6p-17F, -0x1.81f8f6p-4F,
    -0x1.6e920cp-5F,
    },
    {
    0x1.476492p-8F, 0x1.390a58p-10F, 0x1.c92272p-13F, 0x1.499a0cp-15F, 0x1.978396p-18F,
    0x1.156f1cp-20F, 0x1.5a6434p-5F, 0x1.27b812p-6F, 0x1.476492p-8F, 0x1.390a58p-10F,
    0x1.c92272p-13F, 0x1.499a0cp-15F, 0x1.978396p-18F, 0x1.156f1cp-20F, 0x1.5a6434p-5F,
    0x1.27b812p-6F,
    },
    {
    -0x1.9dbba6p-10F, -0x1.443df8p-12F, -0x1.6aa112p-15F, -0x1.867e9cp-18F, -0x1.5608bp-21F,
    -0x1.4ce58p-24F, -0x1.1aca58p-6F, -0x1.b69fb2p-8F, -0x1.9dbba6p-10F, -0x1.443df8p-12F,
    -0x1.6aa112p-15F, -0x1.867e9cp-18F, -0x1.5608bp-21F, -0x1.4ce58p-24F, -0x1.1aca58p-6F,
    -0x1.b69fb2p-8F,
    },
    {
    0x1.ed487ep-12F, 0x1.4122bap-14F, 0x1.17b444p-17F, 0x1.c66736p-21F, 0x1.1d25a8p-24F,
    0x1.8da61cp-28F, 0x1.aa7edcp-8F, 0x1.2ee3b6p-9F, 0x1.ed487ep-12F, 0x1.4122bap-14F,
    0x1.17b444p-17F, 0x1.c66736p-21F, 0x1.1d25a8p-24F, 0x1.8da61cp-28F, 0x1.aa7edcp-8F,
    0x1.2ee3b6p-9F,
    },
    {
    -0x1.2278b2p-13F, -0x1.3a44d2p-16F, -0x1.c456bp-20F, -0x1.0f8b7cp-23F, -0x1.0374d4p-27F,
    -0x1.f0bc0ep-32F, -0x1.2ed63cp-9F, -0x1.8e22d2p-11F, -0x1.2278b2p-13F, -0x1.3a44d2p-16F,
    -0x1.c456bp-20F, -0x1.0f8b7cp-23F, -0x1.0374d4p-27F, -0x1.f0bc0ep-32F, -0x1.2ed63cp-9F,
    -0x1.8e22d2p-11F,
    },
    {
    0x1.38b93ap-15F, 0x1.1f5aeap-18F, 0x1.4928f4p-22F, 0x1.30bc0cp-26F, 0x1.a776b6p-31F,
    0x1.256baep-35F, 0x1.915344p-11F, 0x1.e88b1ap-13F, 0x1.38b93ap-15F, 0x1.1f5aeap-18F,
    0x1.4928f4p-22F, 0x1.30bc0cp-26F, 0x1.a776b6p-31F, 0x1.256baep-35F, 0x1.915344p-11F,
    0x1.e88b1ap-13F,
    },
};
// clang-format on

}  // namespace actfn::coefficients
