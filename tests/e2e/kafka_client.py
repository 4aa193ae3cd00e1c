"""Kafka as somebody else uses it, past Sluice: a few admin requests and a record, straight on the wire."""

import socket
import struct

from sluice_process import server_address

TOPIC_ALREADY_EXISTS, UNKNOWN_TOPIC = 36, 3
NO_TRANSACTION = struct.pack(">h", -1)
DEADLINE_MS = 30_000


def text(value):
    if value is None:
        return struct.pack(">h", -1)
    return struct.pack(">h", len(value.encode())) + value.encode()


def array(items):
    return struct.pack(">i", len(items)) + b"".join(items)


def varint(number):
    number = (number << 1) ^ (number >> 63)
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def record_batch(value):
    record = b"\0" + varint(0) + varint(0) + varint(-1) + varint(len(value)) + value + varint(0)
    body = struct.pack(">hiqqqhii", 0, 0, 0, 0, -1, -1, -1, 1) + varint(len(record)) + record
    checked = struct.pack(">iBI", -1, 2, crc32c(body)) + body
    return struct.pack(">qi", 0, len(checked)) + checked


class KafkaClient:
    """One request a connection; anything but error code 0 is a KafkaError."""

    def __init__(self, address=None):
        host, port = (address or server_address("SLUICE_TEST_KAFKA")).split(",")[0].rsplit(":", 1)
        self.address = (host, int(port))

    def create(self, name, partitions=1, **config):
        """Underscores stand for dots in the names of configs."""
        configs = array([text(key.replace("_", ".")) + text(value) for key, value in config.items()])
        topic = text(name) + struct.pack(">ih", partitions, 1) + array([]) + configs
        self._check(self._ask(19, 4, array([topic]) + struct.pack(">ib", DEADLINE_MS, 0))[4:], name, True)

    def create_many(self, names):
        topics = [text(name) + struct.pack(">ih", 1, 1) + array([]) + array([]) for name in names]
        self._ask(19, 4, array(topics) + struct.pack(">ib", DEADLINE_MS, 0))

    def delete(self, *names):
        """Those that are not there are none the worse for it."""
        self._ask(20, 3, array([text(name) for name in names]) + struct.pack(">i", DEADLINE_MS))

    def grow(self, name, partitions):
        topic = text(name) + struct.pack(">ii", partitions, -1)
        self._check(self._ask(37, 1, array([topic]) + struct.pack(">ib", DEADLINE_MS, 0))[4:], name, True)

    def set_config(self, name, key, value):
        """None takes the topic's own value away."""
        operation = struct.pack(">b", 1 if value is None else 0)
        resource = struct.pack(">b", 2) + text(name) + array([text(key) + operation + text(value)])
        answer = self._ask(44, 0, array([resource]) + b"\0")
        self._check(answer[4:], name, False)

    def produce(self, name, value=b"a record"):
        batch = record_batch(value)
        partition = struct.pack(">ii", 0, len(batch)) + batch
        body = NO_TRANSACTION + struct.pack(">hi", -1, DEADLINE_MS) + array([text(name) + array([partition])])
        answer = self._ask(0, 3, body)
        self._raise(name, struct.unpack_from(">h", answer, 4 + 2 + len(name) + 4 + 4)[0])

    def _check(self, answer, name, name_first):
        at = 4 + (2 + len(name) if name_first else 0)  # after the count of results
        self._raise(name, struct.unpack_from(">h", answer, at)[0])

    @staticmethod
    def _raise(name, code):
        if code:
            raise KafkaError(name, code)

    def _ask(self, key, version, body):
        """What is behind the correlation id of the answer."""
        frame = struct.pack(">hhi", key, version, 1) + text("e2e") + body
        with socket.create_connection(self.address, timeout=60) as connection:
            connection.sendall(struct.pack(">i", len(frame)) + frame)
            with connection.makefile("rb") as answer:
                return answer.read(struct.unpack(">i", answer.read(4))[0])[4:]


class KafkaError(Exception):
    def __init__(self, name, code):
        super().__init__(f"{name}: Kafka's error code {code}")
        self.code = code
