#!/bin/bash -eu
# Builds all targets for OSS-Fuzz, with their seeds and dictionaries. Not run yet.
#
# zlib and simdjson are built with the flags of the fuzzing engine as well, so that faults inside
# them, and the memory they read for us, are seen.

mkdir "$WORK/zlib"
cd "$WORK/zlib"
CHOST='' "$SRC/zlib/configure" --static
make -j"$(nproc)" libz.a

cd "$WORK"
includes="-I$SRC/tlsrpt/include -I$SRC/simdjson/singleheader -I$SRC/zlib -I$WORK/zlib"
# shellcheck disable=SC2086
$CXX $CXXFLAGS -std=c++20 $includes -c "$SRC/simdjson/singleheader/simdjson.cpp" -o simdjson.o

cd "$SRC/tlsrpt"
python3 tests/fuzz/seeds.py "$WORK/seeds"
for target in $(python3 tests/fuzz/seeds.py list); do
  # shellcheck disable=SC2086
  $CXX $CXXFLAGS -std=c++20 $includes "tests/fuzz/$target.cpp" -o "$OUT/$target" \
    "$WORK/simdjson.o" "$WORK/zlib/libz.a" $LIB_FUZZING_ENGINE
  zip -q -j "$OUT/${target}_seed_corpus.zip" "$WORK/seeds/$target"/*
  cp "tests/fuzz/dictionaries/$target.dict" "$OUT/$target.dict"
done
