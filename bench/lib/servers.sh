# A Kafka, a PostgreSQL and a Sluice of the bench's own, ended with it. Sourced by bench/*.sh.
# shellcheck shell=bash
SERVERS=$BUILD_DIR/bench/servers

# build TARGET…
build() {
    mkdir -p "$SERVERS"
    ninja -C "$BUILD_DIR" "$@" >"$SERVERS/build.log" || { tail -n 20 "$SERVERS/build.log" >&2; exit 1; }
}

# start_servers: sets what test-servers and ./run write to their env files, and SLUICE_CONFIG.
start_servers() {
    trap stop_servers EXIT
    scripts/test-servers start "$SERVERS" kafka postgres || exit 1
    # shellcheck disable=SC1091
    source "$SERVERS/env"
    export SLUICE_STATE_DIR=$SERVERS/sluice SLUICE_RUN_BINARY=$BUILD_DIR/app/sluice/sluice
    export SLUICE_RUN_KAFKA=$SLUICE_TEST_KAFKA SLUICE_RUN_DATABASE_URL=$SLUICE_TEST_DATABASE_URL
    ./run start >"$SERVERS/run.log" || { tail -n 20 "$SERVERS/run.log" >&2; exit 1; }
    # shellcheck disable=SC1091
    source "$SLUICE_STATE_DIR/env"
}

stop_servers() {
    [[ -z ${SLUICE_STATE_DIR:-} ]] || ./run clean >/dev/null
    scripts/test-servers stop "$SERVERS" kafka postgres
    rm -rf "$SERVERS"
}
