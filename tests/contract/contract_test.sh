#!/bin/bash
# Schemathesis against a running server: contract_test.sh <sluice> <venv> <work dir>
# The server is our own, on SQLite and the tests' Kafka (SLUICE_TEST_ENV).
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/common.sh"
source "$ROOT/scripts/lib/kafka.sh"
sluice=$1 venv=$2 work=$3
# shellcheck disable=SC1090
source "$SLUICE_TEST_ENV"

rm -rf "$work"
mkdir -p "$work"
port=$(free_port)
export SLUICE_CONFIG=$work/sluice.yaml
cat >"$SLUICE_CONFIG" <<YAML
profile: development
server: {port: $port}
metrics: {port: 0}
database: {sqlite_path: $work/sluice.db}
kafka: {properties: {bootstrap.servers: "$SLUICE_TEST_KAFKA"}}
governance: {policies_file: $ROOT/config/policies/default.yaml}
rate_limit: {max: 1000000}
auth: {signing_keys: $work/keys}
objects: {folder: $work/objects}
YAML

# The topic that the document's example names.
kafka_java_command 128 "$work"
"${KAFKA_JAVA[@]}" org.apache.kafka.tools.TopicCommand --bootstrap-server "$SLUICE_TEST_KAFKA" \
    --create --if-not-exists --topic prod.payments.settled

# Before the server starts: one process owns an SQLite file.
SLUICE_TOKEN=$("$sluice" token issue --principal contract --role admin --env '*' --names '*' --ttl 1d --quiet)
export SLUICE_TOKEN

trap 'stop_process "$work/pid" TERM 20' EXIT
start_detached "$work/log" "$work/pid" "$sluice" serve
ready() { curl -sf -o /dev/null --max-time 2 "http://127.0.0.1:$port/health/ready"; }
settled() { ready || process_gone "$work/pid"; }
wait_until 60 settled && ready || not_started sluice "$work/log"

# revokeToken is left to tests/e2e/tokens_test.py: guessing ids from the list, Schemathesis revokes its
# own token and goes on testing 401s. followChange streams until its change has ended.
cd "$work"
"$venv/bin/schemathesis" --config-file "$ROOT/tests/contract/schemathesis.toml" run \
    "$ROOT/api/openapi.yaml" --url "http://127.0.0.1:$port" \
    --exclude-operation-id revokeToken --exclude-operation-id followChange \
    --phases examples,coverage,fuzzing,stateful --max-examples 50 --continue-on-failure --no-color
