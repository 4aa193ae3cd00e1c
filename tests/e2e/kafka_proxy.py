"""A Kafka broker behind glass: passes everything on and knows what was asked.

Only for a cluster of one broker: the address that the broker gives of itself is replaced by the proxy's, so
that no client gets past it.
"""

import collections
import struct
import threading

from tcp_proxy import TcpProxy

# What only looks. Whatever is not here counts as a change: an unknown request is no harmless one.
LOOKS = {
    1: "Fetch", 2: "ListOffsets", 3: "Metadata", 9: "OffsetFetch", 10: "FindCoordinator",
    15: "DescribeGroups", 16: "ListGroups", 17: "SaslHandshake", 18: "ApiVersions", 29: "DescribeAcls",
    32: "DescribeConfigs", 35: "DescribeLogDirs", 36: "SaslAuthenticate", 46: "ListPartitionReassignments",
    48: "DescribeClientQuotas", 60: "DescribeCluster", 69: "ConsumerGroupDescribe",
    71: "GetTelemetrySubscriptions", 72: "PushTelemetry", 75: "DescribeTopicPartitions",
}
CHANGES = {
    0: "Produce", 19: "CreateTopics", 20: "DeleteTopics", 21: "DeleteRecords", 33: "AlterConfigs",
    37: "CreatePartitions", 42: "DeleteGroups", 43: "ElectLeaders", 44: "IncrementalAlterConfigs",
    45: "AlterPartitionReassignments",
}
# The first version of each whose fields are compact and whose bodies end with tags.
FLEXIBLE_FROM = {3: 9, 19: 5, 33: 2, 37: 2, 44: 1}
ASK_ONLY = {19, 33, 37, 44}  # end with validate_only


class Request:
    """One request's head, and what of its body decides whether it changes something."""

    def __init__(self, frame):
        self.key, self.version, _, client_id = struct.unpack_from(">hhih", frame)
        self.body = frame[10 + max(client_id, 0):]
        self.flexible = self.version >= FLEXIBLE_FROM.get(self.key, 1 << 15)

    def name(self):
        return LOOKS.get(self.key) or CHANGES.get(self.key) or f"api key {self.key}"

    def is_change(self):
        if self.key == 3:
            return self._may_create_a_topic()
        if self.key in ASK_ONLY:
            return self.body[-2 if self.flexible else -1] != 1
        return self.key not in LOOKS

    def _may_create_a_topic(self):
        """Metadata of named topics makes a broker create them, where both sides allow it."""
        if self.flexible:
            named = self.body[1] > 1  # after the header's tags: the count + 1, 0 for all topics
            auto_create = self.body[-4 if self.version <= 10 else -3]
        else:
            named = struct.unpack_from(">i", self.body)[0] > 0
            auto_create = 1 if self.version < 4 else self.body[-3 if self.version == 8 else -1]
        return bool(named and auto_create)


class KafkaProxy(TcpProxy):
    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self._counted = threading.Lock()
        self._asked = collections.Counter()
        self._changed_by = collections.Counter()
        self._stop_at = None
        self._stopped = threading.Event()
        self._own = host.encode() + struct.pack(">i", int(port))
        super().__init__((host, int(port)))
        self._ours = b"127.0.0.1" + struct.pack(">i", self.port)
        if len(self._ours) != len(self._own):
            raise ValueError(f"cannot stand in for {address}: its name has another length than ours")

    def changes(self):
        """How many requests that change something have been passed on, by name."""
        with self._counted:
            return dict(self._changed_by)

    def looks(self):
        with self._counted:
            return dict(self._asked)

    def stop_at(self, name, when):
        """Freezes everything "before" the next change of this name is passed on, or "after" it was passed on
        and before its answer: both ends wait, until allow() or refuse()."""
        self._stopped.clear()
        self._stop_at = (name, when)

    def wait_stopped(self):
        if not self._stopped.wait(timeout=60):
            raise AssertionError(f"no such request came: {self._stop_at}, only {self.changes()}")

    def _pump(self, source, sink):
        if sink.getpeername() == self.target:
            super()._pump(Frames(source, self._count), Sink(sink, self._passed))
        else:
            super()._pump(Frames(source, self._replace), sink)

    def _count(self, frame):
        request = Request(frame)
        if request.is_change():
            self._stop_if_asked(request.name(), "before")
        if not self._may_pass():
            raise ConnectionError("the proxy refuses")
        with self._counted:
            (self._changed_by if request.is_change() else self._asked)[request.name()] += 1
        return frame

    def _passed(self, frame):
        request = Request(frame[4:])
        if request.is_change():
            self._stop_if_asked(request.name(), "after")

    def _stop_if_asked(self, name, when):
        if self._stop_at == (name, when):
            self._stop_at = None
            self.freeze()
            self._stopped.set()

    def _replace(self, frame):
        return frame.replace(self._own, self._ours)


class Sink:
    """A socket that tells of each frame once it is written."""

    def __init__(self, sink, written):
        self.sink = sink
        self.written = written

    def sendall(self, frame):
        self.sink.sendall(frame)
        self.written(frame)

    def shutdown(self, how):
        self.sink.shutdown(how)


class Frames:
    """A socket read frame by frame, each through `through`."""

    def __init__(self, source, through):
        self.source = source
        self.through = through

    def recv(self, _):
        head = self._exactly(4)
        if not head:
            return b""
        frame = self._exactly(struct.unpack(">i", head)[0])
        return head + self.through(frame) if frame else b""

    def shutdown(self, how):
        self.source.shutdown(how)

    def _exactly(self, size):
        data = b""
        while len(data) < size:
            piece = self.source.recv(size - len(data))
            if not piece:
                return b""
            data += piece
        return data
