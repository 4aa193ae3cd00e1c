# Policies: 10,000 topics against 50 rules of every kind, on one core. Run by bench/run.
# shellcheck shell=bash
set -uo pipefail
source bench/lib/servers.sh

build policy_bench
"$BUILD_DIR/bench/policy/policy_bench"
