# Shared by ./run, ./test and the scripts: messages, processes, ports, waiting. Sourced, never run.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
SLUICE_DEPS=${SLUICE_DEPS:-$ROOT/.local/deps}
export SLUICE_DEPS

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

# A short name for this path, so that two checkouts never meet outside themselves.
path_hash() { printf '%s' "$1" | sha256sum | cut -c1-12; }

# Kernel start time of a process; with the pid it names one process for as long as the machine runs.
process_start() {
    local stat
    { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    stat=${stat##*) }
    [[ $stat != Z* ]] || return 1
    awk '{print $20}' <<<"$stat"
}

# remember_process FILE PID
remember_process() { echo "$2 $(process_start "$2")" >"$1"; }

# Prints the pid in FILE when that very process still runs.
living_process() {
    local pid start
    [[ -s $1 ]] && read -r pid start <"$1" && [[ -n $start ]] || return 1
    [[ $(process_start "$pid") == "$start" ]] && echo "$pid"
}

# stop_process FILE SIGNAL SECONDS: idempotent; the process is killed when it outlives the deadline.
stop_process() {
    local pid
    if pid=$(living_process "$1"); then
        kill -s "$2" "$pid" 2>/dev/null
        wait_until "$3" process_gone "$1" || kill -s KILL "$pid" 2>/dev/null
        wait_until 5 process_gone "$1" || die "process $pid does not end; see $1"
    fi
    rm -f "$1"
}

process_gone() { ! living_process "$1" >/dev/null; }

# wait_until SECONDS COMMAND…: polls; false at the deadline.
wait_until() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port [PREFERRED]: below the ephemeral range, so no client's own socket sits there.
free_port() {
    local port=${1:-$((20000 + RANDOM % 12000))}
    while port_taken "$port"; do port=$((20000 + RANDOM % 12000)); done
    echo "$port"
}

random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# start_detached LOG PIDFILE COMMAND…: outlives this shell and holds none of its files.
start_detached() {
    local log=$1 pid_file=$2
    shift 2
    (
        exec 7>&- 8>&- 9>&-
        cd / && exec setsid "$@"
    ) </dev/null >>"$log" 2>&1 &
    remember_process "$pid_file" $!
    disown
}

# not_started WHAT LOG: the last words of a server that did not come up.
not_started() {
    tail -n 20 "$2" >&2
    die "$1 did not start; its log is $2"
}

# As many compiler processes as there are cores, but one per GiB of memory at most.
parallel_jobs() {
    local cores gib
    cores=$(nproc)
    gib=$(awk '/MemAvailable/ {print int($2 / 1048576)}' /proc/meminfo)
    ((gib >= 1)) || gib=1
    echo $((cores < gib ? cores : gib))
}

# step NAME LOG COMMAND…: one line per step with its seconds; a terminal sees the work go by. The work
# has a process group of its own (STEP), so that end_step can end all of it.
step() {
    local name=$1 log=$2 began=$SECONDS
    shift 2
    mkdir -p "$(dirname "$log")"
    set -m
    (set +m && "$@") >"$log" 2>&1 </dev/null &
    STEP=$!
    set +m
    if [[ -t 1 ]]; then watch_step "$name" "$log" "$began"; else echo "$name …"; fi
    wait $STEP || step_failed "$name" "$log"
    STEP=
    if [[ -t 1 ]]; then
        printf '  \e[32m✓\e[0m %-12s %3d s\n' "$name" $((SECONDS - began))
    else
        printf '%s: done in %d s\n' "$name" $((SECONDS - began))
    fi
}

watch_step() {
    local width
    width=$(($(tput cols 2>/dev/null || echo 80) - 26))
    while kill -0 $STEP 2>/dev/null; do
        printf '\r\e[K  … %-12s %3d s  %s' "$1" $((SECONDS - $3)) \
            "$(tail -n 1 "$2" | tr -cd '[:print:]' | cut -c1-$width)"
        sleep 0.2
    done
    printf '\r\e[K'
}

end_step() {
    [[ -z ${STEP:-} ]] || kill -TERM -- "-$STEP" 2>/dev/null
    STEP=
}

# The log ends with the sentence that says what to do.
step_failed() {
    printf '%s: failed; the end of %s:\n' "$1" "$2" >&2
    tail -n 15 "$2" >&2
    STEP=
    exit 1
}

# visible_step NAME COMMAND…: as step, for work that people want to read or that may ask a question.
visible_step() {
    local name=$1 began=$SECONDS
    shift
    printf '== %s\n' "$name"
    "$@" || exit
    printf '== %s: %d s\n' "$name" $((SECONDS - began))
}
