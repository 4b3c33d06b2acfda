#!/bin/sh
# Drives the built libraries of the shim with the programs of `make -C shim check`, which calls this:
#
#   check-shim.sh BUILD     with SANITIZE as make has it, and CXX
#
# The exit status is 0 when all held. A failed random run names its seed: abi-fuzz SEED repeats its calls.
set -u
build=$(cd "$1" && pwd) || exit 1
device=$(cd "$(dirname "$0")/../../shim/build/test" && pwd)/libm2m_device.so || exit 1
cd "$(dirname "$0")" || exit 1

log=$(mktemp)
suppressions=$(mktemp)
trap 'rm -f "$log" "$suppressions"' EXIT
passed=0
failed=0

# libx264 keeps some texts when it refuses to open.
echo "leak:libx264.so" >"$suppressions"
export UBSAN_OPTIONS=print_stacktrace=1 LIBCAMERA_LOG_LEVELS='*:FATAL'

# A sanitizer's runtime has to come before what is preloaded.
case ${SANITIZE-} in
  *address*) runtime=$("${CXX:-c++}" -print-file-name=libasan.so) ;;
  *thread*) runtime=$("${CXX:-c++}" -print-file-name=libtsan.so) ;;
  *) runtime= ;;
esac
check() {
  what=$1
  shift
  if timeout 300 "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $what"
  else
    failed=$((failed + 1))
    echo "FAILED  $what"
    cat "$log"
  fi
}

# The same with an encoder device that has these switches (m2m-device/switches.h).
check_on_device() {
  what=$1 switches=$2
  shift 2
  check "$what" env CSI_TEST_M2M="kind=encoder$switches;kind=encoder,codec=jpeg$switches" \
    LD_PRELOAD="$runtime $device" "$@"
}

# The library's file, where it was built.
library() { [ ! -f "$build/libcsi_$1.so" ] || echo "$build/libcsi_$1.so"; }
stress="$build/test/encoder-stress"
fuzz="$build/test/abi-fuzz"
rounds=$([ "${CSI_TEST_LONG-}" = 1 ] && echo 60 || echo 3)
calls=20000

for name in x264 image; do
  [ -z "$(library $name)" ] || check "$name: every layout, bursts, failures" "$stress" "$(library $name)"
done
check_on_device "m2m: every layout, dmabufs, failures" "" "$stress" "$(library m2m)"
for faults in skip=3,error=5 stall=5 eio=4 vanish=7 dmabuf=refuse_queue split=100,headers=separate \
  drain=unsupported drain=eos_event sizes=garbage_huge planar=single; do
  check_on_device "m2m: a device with $faults" ",$faults" "$stress" "$(library m2m)" faulty
done
completions="$build/test/bench-camera-thread" # where libcamera has the headers for it
[ ! -f "$completions" ] || check "camera: requests complete, good and bad" "$completions" 200 200 5
for round in $(seq "$rounds"); do
  # shellcheck disable=SC2046 # a list of words
  check "any calls, nothing leaks ($round)" env LSAN_OPTIONS="suppressions=$suppressions:print_suppressions=0" \
    "$fuzz" 0 "$calls" $(library x264) $(library image) "$(library dmaheap)"
  # Here without leaks: their detector can't stand threads that end while it looks, as libcamera's do.
  # shellcheck disable=SC2046
  check_on_device "any calls, all libraries in one process ($round)" "" ASAN_OPTIONS=detect_leaks=0 \
    "$fuzz" 0 "$calls" $(library x264) $(library image) "$(library m2m)" "$(library dmaheap)" $(library camera)
done
echo "shim: $passed passed, $failed failed"
[ "$failed" = 0 ]
