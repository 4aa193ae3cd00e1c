# From exec to ready with everything up, and the memory of the idle process. Run by bench/run.
# shellcheck shell=bash
set -uo pipefail
source bench/lib/servers.sh

build sluice start_bench
start_servers
# The schema is there now and stays; this Sluice goes, the bench starts its own on the same port.
./run stop >/dev/null
"$BUILD_DIR/bench/start/start_bench" "$SLUICE_URL" "$SLUICE_RUN_BINARY" serve --config "$SLUICE_CONFIG"
