#!/bin/bash
# ./run end to end, beside the developer's own: run_test.sh <binary> <state dir>
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
export SLUICE_RUN_BINARY=$1 SLUICE_STATE_DIR=$2
unset SLUICE_RUN_KAFKA SLUICE_RUN_DATABASE_URL SLUICE_KAFKA_NODES

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

trap './run clean' EXIT
./run clean

echo "--- ./run --check ends with 0 and leaves nothing running"
./run --check || fail "./run --check"
./run status && fail "something still runs after --check"

echo "--- and again, on what the first walk left"
./run --check || fail "./run --check, again"

echo "--- ./run start, twice: the data, the ports and the tokens stay"
./run start || fail "./run start"
env_file=$SLUICE_STATE_DIR/env
before=$(<"$env_file")
./run start || fail "./run start, again"
[[ $(<"$env_file") == "$before" ]] || fail "the second start changed $env_file"
[[ $(stat -c %a "$env_file") == 600 ]] || fail "$env_file can be read by others"
./run status || fail "./run status of a running one"
[[ -n $(./run logs) ]] || fail "./run logs is empty"

echo "--- $env_file is what a shell needs"
# shellcheck disable=SC1090
source "$env_file"
for name in SLUICE_URL SLUICE_KAFKA_BOOTSTRAP_SERVERS SLUICE_DATABASE_URL SLUICE_TOKEN_VIEWER \
    SLUICE_TOKEN_EDITOR SLUICE_TOKEN_APPROVER SLUICE_TOKEN_ADMIN; do
    [[ -n ${!name:-} ]] || fail "$env_file has no $name"
done
[[ $(command -v sluice) == "$SLUICE_RUN_BINARY" ]] || fail "sluice is not on the PATH"

echo "--- it listens on the loopback only"
addresses=$(awk '$4 == "0A" {print $2}' /proc/net/tcp)
port_hex=$(printf '%04X' "${SLUICE_URL##*:}")
grep -qx "0100007F:$port_hex" <<<"$addresses" || fail "nothing listens on 127.0.0.1:${SLUICE_URL##*:}"
! grep -qx "00000000:$port_hex" <<<"$addresses" || fail "it listens on every address"

echo "--- ./run stop ends all of it; clean leaves nothing"
./run stop || fail "./run stop"
./run status && fail "something still runs after stop"
./run stop || fail "./run stop, again"
./run clean || fail "./run clean"
[[ ! -e $env_file && ! -e $SLUICE_STATE_DIR/data ]] || fail "./run clean left data behind"
echo "passed"
