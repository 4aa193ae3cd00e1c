# The audit trail: verifying a million records on one core, and commits with a record against commits of a
# bare insert. Run by bench/run.
# shellcheck shell=bash
set -uo pipefail
source bench/lib/servers.sh

build audit_bench
trap 'scripts/test-servers stop "$SERVERS" postgres; rm -rf "$SERVERS"' EXIT
scripts/test-servers start "$SERVERS" postgres || exit 1
# shellcheck disable=SC1091
source "$SERVERS/env"
"$BUILD_DIR/bench/audit/audit_bench" "$SLUICE_TEST_DATABASE_URL"
