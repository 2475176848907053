// SPDX-License-Identifier: Apache-2.0
// Nothing: the target that has it precompiles the headers of tests.
