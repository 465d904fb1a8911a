#!/bin/sh
# Runs every stage of the check, goes on when one fails, and counts.
#
# Each stage is a target of the Makefile and can be run alone. Output goes to build/check/; what
# failed is printed.
set -u
cd "$(dirname "$0")/.." || exit 1
logs=build/check
stages='build check-format check-tidy check-unit check-e2e check-crash check-sanitize check-thread'
# Long enough for the slowest machine; a stage that hangs must fail.
stage_seconds=${STAGE_SECONDS:-900}
passed=0
failed=0
broken=

# cmocka ends with "[  PASSED  ] 7 test(s)." and, where some failed, " 1 FAILED TEST(S)"; it is
# counted in Meson's log alone, since what Meson prints of failures is the same again. Node's TAP
# ends with "# pass 7" and "# fail 0".
# shellcheck disable=SC2016 # awk's fields
unit_passed='/^\[  PASSED  \] [0-9]+ test/ { total += $4 }'
# shellcheck disable=SC2016
unit_failed='/^ [0-9]+ FAILED TEST/ { total += $1 }'
# shellcheck disable=SC2016
tap_passed='/^# pass [0-9]+$/ { total += $3 }'
# shellcheck disable=SC2016
tap_failed='/^# fail [0-9]+$/ { total += $3 }'
count() { # log, program
    awk -v total=0 "$2"' END { print total }' "$1"
}

# Where the stage's unit tests leave their log.
unit_log() {
    case $1 in
    check-unit) echo build/meson-logs/testlog.txt ;;
    check-sanitize) echo build-asan/meson-logs/testlog.txt ;;
    check-thread) echo build-tsan/meson-logs/testlog.txt ;;
    esac
}

runs_tests() {
    case $1 in
    build | check-format | check-tidy) return 1 ;;
    esac
}

mkdir -p build
rm -rf "$logs"
mkdir -p "$logs"
for stage in $stages; do
    log=$logs/$stage.log
    start=$(date +%s)
    unit=$(unit_log "$stage")
    # The log of an earlier run must not be counted as this one's.
    [ -z "$unit" ] || rm -f "$unit"
    result=ok
    timeout -k 10 "$stage_seconds" make "$stage" >"$log" 2>&1 || result=FAILED
    stage_passed=$(count "$log" "$tap_passed")
    stage_failed=$(count "$log" "$tap_failed")
    if [ -n "$unit" ] && [ -f "$unit" ]; then
        stage_passed=$((stage_passed + $(count "$unit" "$unit_passed")))
        stage_failed=$((stage_failed + $(count "$unit" "$unit_failed")))
        cp "$unit" "$logs/$stage.unit.log"
    fi
    # Nor may a stage pass because it found nothing to run.
    if runs_tests "$stage" && [ "$stage_passed" = 0 ]; then
        result=FAILED
    fi
    [ "$result" = ok ] || broken="$broken $stage"
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
