# Questions to a catalogue of 100,000 topics, and to single topics of its cluster: requests a second, and how long
# the slowest hundredth takes. Run by bench/run.
# shellcheck shell=bash
set -uo pipefail
source bench/lib/servers.sh
seconds=${SLUICE_BENCH_SECONDS:-5}
least=1000

command -v wrk >/dev/null || { echo "wrk is missing: apt-get install wrk" >&2; exit 1; }
build sluice seed_catalogue
# The seeded topics are in no cluster: a sync would find them gone.
export SLUICE_GOVERNANCE__CATALOGUE_INTERVAL_S=86400 SLUICE_RATE_LIMIT__MAX=1000000000
start_servers
export SLUICE_TOKEN=$SLUICE_TOKEN_VIEWER

# until_answer QUERY TEXT: the catalogue's answer holds the text.
until_answer() {
    local deadline=$((SECONDS + 60))
    until curl -sf -H x-request-id:bench -H @- "$SLUICE_URL/v1/catalog/topics?$1" <<<"Authorization: Bearer $SLUICE_TOKEN" | grep -q "$2"; do
        ((SECONDS < deadline)) || { echo "the catalogue does not say $2" >&2; exit 1; }
        sleep 0.2
    done
}

# The first sync is over, and the next one a day away: then what is seeded stays, and the server follows.
until_answer limit=1 '"syncedAt":{"dev":[^}]*"stg"'
"$BUILD_DIR/bench/catalogue/seed_catalogue" "$SLUICE_TEST_KAFKA" "$SLUICE_TEST_DATABASE_URL" || exit 1
until_answer subject=dev.orders.events-099999-value team-199

# measure NAME KIND
measure() {
    local report
    report=$(wrk -t1 -c16 -d"${seconds}s" --latency -s bench/catalogue/questions.lua "$SLUICE_URL" -- "$2")
    if [[ $2 != missing ]] && grep -q 'Non-2xx' <<<"$report"; then
        echo "$1: $(grep Non-2xx <<<"$report")" >&2
        return 1
    fi
    awk -v name="$1" -v least="$least" '
        $1 == "99%" { p99 = $2 }
        /Requests\/sec/ { rate = $2 }
        END {
            printf "%-34s %8.0f/s (at least %d)   p99 %s\n", name, rate, least, p99
            exit !(rate >= least)
        }' <<<"$report"
}

failed=0
measure "catalogue, page of an environment" env || failed=1
measure "catalogue, owner" owner || failed=1
measure "catalogue, tag" tag || failed=1
measure "catalogue, subject" subject || failed=1
measure "catalogue, text of ten topics" q || failed=1
measure "catalogue, text of one topic" rare || failed=1
measure "one topic, of 1,000" topic || failed=1
measure "topics that are not there" missing || failed=1
exit "$failed"
