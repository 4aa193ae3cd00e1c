# HTTP: our server against bare Boost.Beast, by wrk, in turns. Run by bench/run.
# shellcheck shell=bash
set -uo pipefail
seconds=${SLUICE_BENCH_SECONDS:-5}
rounds=3
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; rm -rf "$work"' EXIT

command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 1; }
ninja -C "$BUILD_DIR" bare_beast_server sluice_http_server idle_connections >"$work/build" ||
    { tail -n 20 "$work/build" >&2; exit 1; }

# serve NAME: starts it and sets PORT.
serve() {
    "$BUILD_DIR/bench/http/$1" >"$work/$1.port" &
    pids+=($!)
    until [[ -s $work/$1.port ]]; do kill -0 $! 2>/dev/null || { echo "$1 did not start" >&2; exit 1; }; sleep 0.05; done
    PORT=$(<"$work/$1.port")
}

cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.body = '{"name":"prod.orders.created","partitions":12,"config":{"retention.ms":"604800000"}}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer e30.e30.e30"
wrk.headers["X-Request-Id"] = "bench-1"
LUA

# requests_per_second URL [SCRIPT]
requests_per_second() {
    local report
    report=$(wrk -t1 -c64 -d"${seconds}s" ${2:+-s "$2"} "$1")
    # A ratio of refusals would be worthless.
    grep -q 'Non-2xx' <<<"$report" && { echo "$1: $(grep Non-2xx <<<"$report")" >&2; exit 1; }
    awk '/Requests\/sec/ {print $2}' <<<"$report"
}

# compare NAME BAR BARE_URL OUR_URL [SCRIPT]: best of the rounds of each, in turns, so that a neighbour's
# load hits both.
compare() {
    local bare=0 ours=0 got
    for ((round = 0; round < rounds; round++)); do
        got=$(requests_per_second "$3" "${5:-}") && bare=$(printf '%s\n%s\n' "$bare" "$got" | sort -g | tail -n 1)
        got=$(requests_per_second "$4" "${5:-}") && ours=$(printf '%s\n%s\n' "$ours" "$got" | sort -g | tail -n 1)
    done
    awk -v name="$1" -v bar="$2" -v bare="$bare" -v ours="$ours" 'BEGIN {
        ratio = bare > 0 ? ours / bare : 0
        printf "%-34s bare %8.0f/s   ours %8.0f/s   ratio %.2f (at least %s)\n", name, bare, ours, ratio, bar
        exit !(ratio >= bar)
    }'
}

serve bare_beast_server
bare=http://127.0.0.1:$PORT
serve sluice_http_server
ours=http://127.0.0.1:$PORT
ours_port=$PORT

failed=0
compare "GET /health/live" 0.7 "$bare/health/live" "$ours/health/live" || failed=1
compare "POST JSON, with token, inline" 0.5 "$bare/v1/echo" "$ours/v1/echo" "$work/post.lua" || failed=1
# For information: the same through the worker pool, as a route that may block has it.
compare "POST JSON, with token, on a worker" 0 "$bare/v1/echo" "$ours/v1/echo-worker" "$work/post.lua" || failed=1

connections=10000
(( $(ulimit -Hn) > connections + 500 )) || connections=$(( $(ulimit -Hn) - 500 ))
read -r before behind < <("$BUILD_DIR/bench/http/idle_connections" "$ours_port" "$connections") || failed=1
awk -v n="$connections" -v before="$before" -v behind="$behind" 'BEGIN {
    printf "%-34s before %d us   behind %d idle ones %d us   ratio %.2f (at most 2)\n", "a new connection", before, n, behind, behind / before
    exit !(behind <= 2 * before)
}' || failed=1
exit "$failed"
