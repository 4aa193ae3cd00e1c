# Drift over 10,000 topics, end to end, against a bare librdkafka loop that issues the same describes. Run by
# bench/run.
# shellcheck shell=bash
set -uo pipefail
source bench/lib/servers.sh

build sluice drift_bench
export SLUICE_GOVERNANCE__CATALOGUE_INTERVAL_S=86400 SLUICE_GOVERNANCE__DRIFT_INTERVAL_S=86400
start_servers
SLUICE_TOKEN=$SLUICE_TOKEN_VIEWER "$BUILD_DIR/bench/drift/drift_bench" "$SLUICE_TEST_KAFKA" "$SLUICE_URL" \
    "$SLUICE_TEST_DATABASE_URL"
