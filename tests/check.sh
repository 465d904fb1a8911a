#!/bin/sh
# Runs every stage of the check, goes on when one fails, and counts.
#
# Each stage is a target of the Makefile and can be run alone. Output goes to build/check/; what
# failed is printed.
set -u
cd "$(dirname "$0")/.." || exit 1
logs=build/check
stages='build check-format check-tidy check-unit check-e2e check-crash check-sanitize check-thread'
passed=0
failed=0
broken=

# cmocka says "[  PASSED  ] 7 test(s)." once a program and "[  FAILED  ] name" once a failure
# before its list; node's TAP ends with "# pass 7" and "# fail 0".
count() {
    awk -v total=0 "$2"' END { print total }' "$1"
}

mkdir -p build
rm -rf "$logs"
mkdir -p "$logs"
for stage in $stages; do
    log=$logs/$stage.log
    start=$(date +%s)
    if make "$stage" >"$log" 2>&1; then
        result=ok
    else
        result=FAILED
        broken="$broken $stage"
    fi
    for tests in build build-asan build-tsan; do
        case $stage:$tests in
        check-unit:build | check-sanitize:build-asan | check-thread:build-tsan)
            [ -f "$tests/meson-logs/testlog.txt" ] && cat "$tests/meson-logs/testlog.txt" >>"$log"
            ;;
        esac
    done
    stage_passed=$(count "$log" '/^\[  PASSED  \] [0-9]+ test/ { total += $4 } /^# pass [0-9]+$/ { total += $3 }')
    stage_failed=$(count "$log" '/^ [0-9]+ FAILED TEST/ { total += $1 } /^# fail [0-9]+$/ { total += $3 }')
    # A stage that breaks without a failed test (a warning, a crash) is one failure.
    if [ "$result" = FAILED ] && [ "$stage_failed" = 0 ]; then
        stage_failed=1
    fi
    passed=$((passed + stage_passed))
    failed=$((failed + stage_failed))
    echo "$stage: $result, $stage_passed tests passed, $stage_failed failed, $(($(date +%s) - start)) s"
    if [ "$result" = FAILED ]; then
        grep -nE '^not ok|    not ok|error:|warning:|FAILED|ERROR' "$log" | tail -n 40
        tail -n 40 "$log"
    fi
done
[ -z "$broken" ] || echo "failed stages:$broken (logs in $logs)"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
