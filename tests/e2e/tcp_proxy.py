"""A server that can be taken away: a TCP proxy on a free port that passes, freezes or refuses."""

import socket
import threading


class TcpProxy:
    """freeze(): connections stay open and nothing moves, as behind a stopped server. refuse(): open
    connections break, new ones are closed at once. allow(): what was held back goes on."""

    def __init__(self, target, mode="pass"):
        self.target = target
        self._mode = mode
        self._breaks = 0  # how often all connections were broken
        self._changed = threading.Condition()
        self._sockets = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def allow(self):
        self._set("pass")

    def freeze(self):
        self._set("freeze")

    def refuse(self):
        self._set("refuse")
        self._break_all()

    def close(self):
        self._set("closed")
        self._listener.close()
        self._break_all()

    def _set(self, mode):
        with self._changed:
            self._mode = mode
            self._changed.notify_all()

    def _break_all(self):
        with self._changed:
            broken, self._sockets = self._sockets, set()
            self._breaks += 1
        for end in broken:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _may_pass(self):
        with self._changed:
            breaks = self._breaks  # who was frozen then does not go on, however soon it is allowed again
            self._changed.wait_for(lambda: self._mode != "freeze" or self._breaks != breaks)
            return self._mode == "pass" and self._breaks == breaks

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        server = None
        try:
            with self._changed:
                self._sockets.add(client)
            if not self._may_pass():
                return
            server = socket.create_connection(self.target, timeout=10)
            server.settimeout(None)
            with self._changed:
                self._sockets.add(server)
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)
            back.join()
        except OSError:
            pass
        finally:
            for end in (client, server):
                if end is not None:
                    with self._changed:
                        self._sockets.discard(end)
                    end.close()

    def _pump(self, source, sink):
        try:
            while data := source.recv(65536):
                if not self._may_pass():
                    break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
