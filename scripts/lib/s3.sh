# A private S3 server (S3Proxy on a folder, with real signature checks) on 127.0.0.1, for tests. Needs
# common.sh. Sourced.
# shellcheck shell=bash

S3_HOME=$SLUICE_DEPS/s3proxy
S3_ACCESS_KEY=sluice-test-key
S3_SECRET_KEY=sluice-test-secret
S3_BUCKET=sluice-test

s3_fetch() {
    [[ -d $S3_HOME ]] && cmp -s "$ROOT/scripts/s3proxy/pom.xml" "$S3_HOME/pom.xml" && return 0
    local work=$SLUICE_DEPS/s3proxy.work
    rm -rf "$work" && mkdir -p "$work"
    mvn -B -ntp -q -f "$ROOT/scripts/s3proxy/pom.xml" dependency:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$work/lib" </dev/null ||
        die "S3Proxy can't be fetched from Maven Central; make it reachable (a mirror goes in ~/.m2/settings.xml) and run this again"
    cp "$ROOT/scripts/s3proxy/pom.xml" "$work/pom.xml"
    rm -rf "$S3_HOME"
    mv "$work" "$S3_HOME"
}

# s3_start STATE DATA: starts or reuses; the bucket is a folder of its data.
s3_start() {
    local state=$1 data=$2 port
    living_process "$state/pid" >/dev/null && return 0
    s3_fetch
    mkdir -p "$state" "$data/$S3_BUCKET"
    echo "$data" >"$state/data_path"
    port=$(free_port)
    echo "http://127.0.0.1:$port" >"$state/endpoint"
    cat >"$state/s3proxy.conf" <<CONF
s3proxy.endpoint=http://127.0.0.1:$port
s3proxy.authorization=aws-v4
s3proxy.identity=$S3_ACCESS_KEY
s3proxy.credential=$S3_SECRET_KEY
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir=$data
jclouds.identity=x
jclouds.credential=x
CONF
    start_detached "$state/log" "$state/pid" java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
        "-Dlogback.configurationFile=$ROOT/scripts/s3proxy/logback.xml" \
        -cp "$S3_HOME/lib/*" org.gaul.s3proxy.Main --properties "$state/s3proxy.conf"
    wait_until 60 port_taken "$port" || die "S3Proxy does not answer; see $state/log"
}

s3_remove() {
    stop_process "$1/pid" TERM 5
    [[ -s $1/data_path ]] && rm -rf "$(<"$1/data_path")"
    rm -rf "$1"
}
