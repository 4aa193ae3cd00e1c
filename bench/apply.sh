# Plan and apply of 1,000 creates, end to end, against a bare librdkafka loop. Run by bench/run.
# shellcheck shell=bash
set -uo pipefail
source bench/lib/servers.sh

build sluice apply_bench
# What the catalogue reads meanwhile is no part of it: the topics that the bench deletes pile up there as drift.
export SLUICE_GOVERNANCE__CATALOGUE_INTERVAL_S=86400
start_servers
"$BUILD_DIR/bench/apply/apply_bench" "$SLUICE_TEST_KAFKA" "$SLUICE_URL"
