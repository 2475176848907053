# SPDX-License-Identifier: Apache-2.0
${CC:-cc} -std=c99 app.c $(pkg-config --cflags --libs --static actfn) -o app
