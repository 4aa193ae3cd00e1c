# The pure planner: 10,000 topics with 20 configs each, on one core. Run by bench/run.
# shellcheck shell=bash
set -uo pipefail
source bench/lib/servers.sh

build plan_bench
"$BUILD_DIR/bench/plan/plan_bench"
