# Private Kafka nodes (KRaft, broker and controller in one) on 127.0.0.1. Needs common.sh. Sourced.
# shellcheck shell=bash

KAFKA_HOME=$SLUICE_DEPS/kafka
KAFKA_SCRIPTS=$ROOT/scripts/kafka

# kafka_java_command HEAP_MB TEMPORARY_DIR [ARCHIVE_OPTION]: sets KAFKA_JAVA to what comes before the
# class's name.
kafka_java_command() {
    KAFKA_JAVA=(java "-Xmx$1m" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xlog:disable
        "-Djava.io.tmpdir=$2" "-Dlog4j2.configurationFile=file:$KAFKA_SCRIPTS/log4j2.xml"
        "${3:-"-XX:SharedArchiveFile=$KAFKA_HOME/broker.jsa"}" -cp "$KAFKA_HOME/lib/*")
}

# Runs a node once to keep its loaded classes: each later start takes half the time.
kafka_archive_classes() {
    local state=$KAFKA_HOME/archive.work
    KAFKA_ARCHIVE="-XX:ArchiveClassesAtExit=$KAFKA_HOME/broker.jsa" kafka_start "$state" "$state/data" 1
    kafka_stop "$state"
    kafka_remove "$state"
    [[ -s $KAFKA_HOME/broker.jsa ]]
}

# A random KRaft id: 16 bytes in base64url; Kafka's own never begin with a dash.
kafka_id() {
    local id=-
    while [[ $id == -* ]]; do
        id=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c1-22)
    done
    echo "$id"
}

# kafka_ports STATE NODES SECURITY: chosen at the first start and kept, for clients and peers know them.
# One line per node: PLAINTEXT CONTROLLER [SASL TLS]
kafka_ports() {
    local state=$1 count=2 port taken=" "
    [[ $3 == secure ]] && count=4
    [[ -s $state/ports ]] && return 0
    for ((node = 1; node <= $2; node++)); do
        local line=()
        while ((${#line[@]} < count)); do
            port=$(free_port)
            [[ $taken != *" $port "* ]] || continue
            taken+="$port "
            line+=("$port")
        done
        echo "${line[*]}"
    done >"$state/ports"
}

# kafka_properties STATE NODES NODE SECURITY DATA
kafka_properties() {
    local state=$1 nodes=$2 node=$3 security=$4 data=$5 broker controller sasl tls
    read -r broker controller sasl tls < <(sed -n "${node}p" "$state/ports")
    local replicas=$nodes in_sync=$((nodes > 1 ? 2 : 1)) listeners=PLAINTEXT://127.0.0.1:$broker
    [[ $security == secure ]] && listeners+=,SASL://127.0.0.1:$sasl,TLS://127.0.0.1:$tls
    cat "$KAFKA_SCRIPTS/node.properties"
    cat <<PROPERTIES
node.id=$node
broker.rack=rack-$node
log.dirs=$data/node$node
controller.quorum.bootstrap.servers=$(awk '{printf "%s127.0.0.1:%s", (NR > 1 ? "," : ""), $2}' "$state/ports")
listeners=$listeners,CONTROLLER://127.0.0.1:$controller
advertised.listeners=$listeners
default.replication.factor=$replicas
min.insync.replicas=$in_sync
offsets.topic.replication.factor=$replicas
transaction.state.log.replication.factor=$replicas
transaction.state.log.min.isr=$in_sync
share.coordinator.state.topic.replication.factor=$replicas
share.coordinator.state.topic.min.isr=$in_sync
PROPERTIES
    if [[ $security == secure ]]; then
        sed "s|@TLS@|$state/tls|" "$KAFKA_SCRIPTS/secure.properties"
    fi
}

# kafka_format STATE NODES SECURITY DATA: gives every node its identity; done once.
kafka_format() {
    local state=$1 nodes=$2 security=$3 data=$4 voters=() quorum=(--standalone) users=() node cluster
    cluster=$(kafka_id)
    for ((node = 1; node <= nodes; node++)); do
        voters+=("$node@127.0.0.1:$(awk -v n="$node" 'NR == n {print $2}' "$state/ports"):$(kafka_id)")
    done
    ((nodes == 1)) || quorum=(--initial-controllers "$(IFS=,; echo "${voters[*]}")")
    if [[ $security == secure ]]; then
        users=(--add-scram 'SCRAM-SHA-256=[name=alice,password=alice-secret]'
            --add-scram 'SCRAM-SHA-512=[name=alice,password=alice-secret]')
    fi
    kafka_java_command 128 "$data"
    for ((node = 1; node <= nodes; node++)); do
        "${KAFKA_JAVA[@]}" kafka.tools.StorageTool format --cluster-id "$cluster" \
            --config "$state/node$node.properties" "${quorum[@]}" "${users[@]}" \
            >>"$state/format.log" 2>&1 || not_started "Kafka's formatting tool" "$state/format.log"
    done
    echo "$data" >"$state/data_path"
}

# kafka_start STATE DATA NODES [secure]: idempotent; keeps ports and data over restarts.
kafka_start() {
    local state=$1 data=$2 nodes=$3 security=${4:-plain} node heap=$(($3 > 1 ? 384 : 512))
    compgen -G "$KAFKA_HOME/lib/kafka_*.jar" >/dev/null || die "Kafka is not in $KAFKA_HOME: run scripts/install."
    mkdir -p "$state" "$data"
    kafka_ports "$state" "$nodes" "$security"
    if [[ $security == secure && ! -s $state/tls/broker.bundle.pem ]]; then kafka_certificates "$state/tls"; fi
    for ((node = 1; node <= nodes; node++)); do
        kafka_properties "$state" "$nodes" "$node" "$security" "$data" >"$state/node$node.properties"
    done
    if [[ ! -s $state/data_path || ! -s $data/node1/meta.properties ]]; then
        rm -rf "$data"/node*
        kafka_format "$state" "$nodes" "$security" "$data"
    fi
    kafka_java_command "$heap" "$data" "${KAFKA_ARCHIVE:-}"
    for ((node = 1; node <= nodes; node++)); do kafka_launch "$state" "$node"; done
    for ((node = 1; node <= nodes; node++)); do
        wait_until 90 kafka_settled "$state" "$node"
        kafka_ready "$state" "$node" ||
            not_started "Kafka node $node" "$state/node$node.log"
    done
}

kafka_launch() {
    local state=$1 node=$2 port
    if living_process "$state/node$node.pid" >/dev/null; then return 0; fi
    for port in $(sed -n "${node}p" "$state/ports"); do
        ! port_taken "$port" || die "Port $port, Kafka's in $state, is taken by another program: end that one, or start afresh (./run clean)."
    done
    : >"$state/node$node.log"
    start_detached "$state/node$node.log" "$state/node$node.pid" \
        "${KAFKA_JAVA[@]}" kafka.Kafka "$state/node$node.properties"
}

kafka_ready() { grep -q 'Kafka Server started' "$1/node$2.log"; }

kafka_settled() { kafka_ready "$1" "$2" || process_gone "$1/node$2.pid"; }

# kafka_bootstrap STATE [COLUMN=1]: 1 plaintext, 3 SASL, 4 TLS
kafka_bootstrap() {
    awk -v c="${2:-1}" '{printf "%s127.0.0.1:%s", (NR > 1 ? "," : ""), $c}' "$1/ports"
}

# kafka_stop STATE [SIGNAL]: all at once. The last one can't hand over to anybody and is killed after a
# few seconds, which loses nothing: what was written is in the page cache.
kafka_stop() {
    local pid_file pid
    for pid_file in "$1"/node*.pid; do
        if pid=$(living_process "$pid_file"); then kill -s "${2:-TERM}" "$pid" 2>/dev/null; fi
    done
    for pid_file in "$1"/node*.pid; do
        [[ ! -e $pid_file ]] || stop_process "$pid_file" "${2:-TERM}" 5
    done
}

# How many nodes there are since the first start; false before it.
kafka_nodes() { [[ -s $1/ports ]] && wc -l <"$1/ports"; }

# kafka_remove STATE: kills the nodes and forgets their data.
kafka_remove() {
    [[ -d $1 ]] || return 0
    kafka_stop "$1" KILL
    if [[ -s $1/data_path ]]; then rm -rf "$(<"$1/data_path")"; fi
    rm -rf "$1"
}

# kafka_certificates DIR: a private CA, the broker's certificate and a client's (CN=client), all PEM.
kafka_certificates() (
    mkdir -p "$1" && cd "$1" || exit 1
    key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
    openssl req -x509 "${key[@]}" -keyout ca.key -out ca.pem -days 3650 -subj "/CN=sluice test CA" \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
    printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' >extensions
    for name in broker client; do
        openssl req "${key[@]}" -keyout $name.key -out $name.csr -subj "/CN=$name"
        openssl x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 \
            -extfile extensions -out $name.pem
        # Kafka's PEM key store wants the PKCS#8 key first, then the certificate.
        cat $name.key $name.pem >$name.bundle.pem
    done
) >/dev/null 2>&1
