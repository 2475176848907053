# SPDX-License-Identifier: Apache-2.0
${CXX:-c++} -std=c++20 app.cc $(pkg-config --cflags --libs actfn) -o app
