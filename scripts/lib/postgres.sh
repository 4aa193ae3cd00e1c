# A private PostgreSQL cluster on 127.0.0.1. Needs common.sh. Sourced, never run.
# shellcheck shell=bash

# PostgreSQL refuses to run as root; root lends it the packages' own user.
AS_POSTGRES=()
if ((EUID == 0)); then AS_POSTGRES=(setpriv --reuid=postgres --regid=postgres --init-groups); fi

postgres_tool() {
    local bin
    bin=$(find /usr/lib/postgresql -path "*/bin/$1" 2>/dev/null | sort -V | tail -n 1)
    [[ -n $bin ]] || die "PostgreSQL's $1 is not installed: run scripts/install."
    echo "$bin"
}

# Where the data may live: PREFERRED, or a folder of its own where PostgreSQL's user can't get in.
postgres_data_dir() {
    local preferred=$1
    mkdir -p "$(dirname "$preferred")"
    if ((EUID == 0)) && ! (cd / && "${AS_POSTGRES[@]}" test -x "$(dirname "$preferred")"); then
        preferred=/var/lib/sluice-$(path_hash "$preferred")
    fi
    echo "$preferred"
}

# postgres_create STATE DATA: initdb with a password of its own for the user sluice.
postgres_create() {
    local state=$1 data=$2
    random_hex 16 >"$state/password"
    chmod 600 "$state/password"
    rm -rf "$data"
    mkdir -p "$data"
    chmod 700 "$data"
    (umask 077 && cp "$state/password" "$data.password")
    if ((EUID == 0)); then chown postgres:postgres "$data" "$data.password"; fi
    (cd / && "${AS_POSTGRES[@]}" "$(postgres_tool initdb)" -D "$data" -U sluice -A scram-sha-256 \
        --pwfile="$data.password" -E UTF8 --locale=C.UTF-8 --no-sync) \
        >"$state/initdb.log" 2>&1 || not_started "initdb" "$state/initdb.log"
    rm -f "$data.password"
    echo "$data" >"$state/data_path"
}

# Where nobody reaps the dead (a container without an init), a killed server's pid stays taken by its
# zombie, and the next server would take that for a living one.
postgres_forget_zombie() {
    local pid
    [[ -s $1/postmaster.pid ]] && pid=$(head -n 1 "$1/postmaster.pid") || return 0
    if [[ -d /proc/$pid ]] && ! process_start "$pid" >/dev/null; then rm -f "$1/postmaster.pid"; fi
}

# postgres_start STATE DATA [option=value …]: idempotent; keeps the password over restarts, and the port
# unless another program has taken it meanwhile.
postgres_start() {
    local state=$1 data port options=() option
    data=$(postgres_data_dir "$2")
    shift 2
    mkdir -p "$state"
    if living_process "$state/pid" >/dev/null; then return 0; fi
    [[ -s $state/data_path && -s $(<"$state/data_path")/PG_VERSION ]] || postgres_create "$state" "$data"
    data=$(<"$state/data_path")
    postgres_forget_zombie "$data"
    port=$(free_port "$(cat "$state/port" 2>/dev/null)")
    echo "$port" >"$state/port"
    for option in port="$port" listen_addresses=127.0.0.1 unix_socket_directories= \
        shared_buffers=64MB max_connections=200 timezone=UTC "$@"; do
        options+=(-c "$option")
    done
    : >"$state/log"
    start_detached "$state/log" "$state/pid" "${AS_POSTGRES[@]}" "$(postgres_tool postgres)" -D "$data" "${options[@]}"
    wait_until 60 postgres_settled "$state"
    postgres_ready "$state" || not_started "PostgreSQL" "$state/log"
}

postgres_ready() {
    living_process "$1/pid" >/dev/null &&
        "$(postgres_tool pg_isready)" -q -h 127.0.0.1 -p "$(<"$1/port")" -d postgres
}

postgres_settled() { postgres_ready "$1" || process_gone "$1/pid"; }

# postgres_url STATE [DATABASE]
postgres_url() { echo "postgresql://sluice:$(<"$1/password")@127.0.0.1:$(<"$1/port")/${2:-postgres}"; }

# postgres_database STATE NAME: creates it when it is not there.
postgres_database() {
    local psql
    psql=("$(postgres_tool psql)" -X -q -t -A -d "$(postgres_url "$1")" -v ON_ERROR_STOP=1)
    [[ $("${psql[@]}" -c "SELECT 1 FROM pg_database WHERE datname = '$2'") == 1 ]] ||
        "${psql[@]}" -c "CREATE DATABASE $2"
}

postgres_stop() { stop_process "$1/pid" INT 30; }

# postgres_remove STATE: stops it and forgets the data.
postgres_remove() {
    [[ -d $1 ]] || return 0
    postgres_stop "$1"
    if [[ -s $1/data_path ]]; then rm -rf "$(<"$1/data_path")"; fi
    rm -rf "$1"
}
