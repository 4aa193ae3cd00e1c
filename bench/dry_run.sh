# The topic dry-run, end to end, against a bare librdkafka loop that asks the same. Run by bench/run.
# shellcheck shell=bash
set -uo pipefail
source bench/lib/servers.sh

build sluice dry_run_bench
start_servers
SLUICE_TOKEN=$SLUICE_TOKEN_EDITOR "$BUILD_DIR/bench/dry_run/dry_run_bench" "$SLUICE_TEST_KAFKA" "$SLUICE_URL"
