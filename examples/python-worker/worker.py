"""A worker in Python, written from docs/PROTOCOL.md alone: serves HTTP at HOST PORT..."""
import array, os, select, socket, struct, sys

supervisor = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
held, face, clients = [], "private", {}  # held: of each listener, its sockets by their faces


def send(verb, /, **keys):
    text = "".join([verb, "\n"] + [f"{k}={v}\n" for k, v in keys.items()]).encode()
    supervisor.sendall(struct.pack(">I", len(text)) + text)


def receive():
    """The next message, and the descriptors that came with its first byte."""
    header, ancillary, _, _ = supervisor.recvmsg(4, socket.CMSG_LEN(64 * 4))
    if not header:
        sys.exit("the supervisor is gone")
    while len(header) < 4:
        header += supervisor.recv(4 - len(header))
    text, length = b"", struct.unpack(">I", header)[0]
    while len(text) < length:
        text += supervisor.recv(length - len(text))
    fds = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    verb, *lines = text.decode().rstrip("\n").split("\n")
    return verb, dict(line.split("=", 1) for line in lines), list(fds)


def obey(verb, keys, fds):
    global face
    for fd in fds:  # such as the new file of a ROTATE, which we do not understand
        os.close(fd)
    if verb == "SWITCH":  # its drain-millis is for those who keep connections alive
        face = keys["face"]
        send("SWITCHED", id=keys.get("id", ""), face=face, micros=1)
    elif verb == "COUNT":
        send("CONNECTIONS", id=keys.get("id", ""), count=len(clients))
    else:
        send("NOT_UNDERSTOOD", id=keys.get("id", ""), verb=verb)


def serve(client):
    request = clients[client] = clients[client] + client.recv(65536)
    if b"\r\n\r\n" in request or not request:
        body = f"hello from pid {os.getpid()}\n".encode()
        if request:
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            client.sendall(head.encode() + body)
        del clients[client]
        client.close()


supervisor.connect(os.environ["BATON_ATTACH"])
send("HELLO", version=1, token=os.environ["BATON_TOKEN"], pid=os.getpid(), java="python")
assert receive()[0] == "WELCOME"
for number, port in enumerate(sys.argv[2:]):
    send("BIND", id=number, kind="tcp", family="inet", address=sys.argv[1], port=port, reuseport="false")
    verb, keys, fds = receive()
    assert verb == "GRANT" and len(fds) == 2, (verb, keys)
    held.append({n: socket.socket(fileno=fd) for n, fd in zip(keys["fds"].split(","), fds)})
    send("LISTENING", listener=keys["listener"], switchable="true")
while True:
    listening = [faces[face] for faces in held]
    for ready in select.select([supervisor, *listening, *clients], [], [])[0]:
        if ready is supervisor:
            obey(*receive())
        elif ready in clients:
            serve(ready)
        elif any(ready is faces[face] for faces in held):  # it may have been switched just now
            try:
                clients[ready.accept()[0]] = b""
            except BlockingIOError:
                pass  # another worker was faster
