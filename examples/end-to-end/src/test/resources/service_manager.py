"""A service manager for one test: service_manager.py NOTIFY_SOCKET PORT COMMAND...

Opens the port, starts the command with it as systemd would, and prints what it is told,
a line for each datagram: its fields, and how many descriptors came along.
"""
import array
import os
import socket
import sys

notify, port, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(notify)
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", port))
listener.listen(16)
stray = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
stray.bind(("127.0.0.1", 0))
stray.listen(16)

pid = os.fork()
if pid == 0:
    first, second = os.dup(listener.fileno()), os.dup(stray.fileno())
    high, higher = os.dup2(first, 60), os.dup2(second, 61)
    os.dup2(high, 3)
    os.dup2(higher, 4)
    os.closerange(5, 64)
    environment = dict(os.environ)
    environment.update(
        NOTIFY_SOCKET=notify, LISTEN_FDS="2", LISTEN_FDNAMES="web:stray",
        LISTEN_PID=str(os.getpid()), WATCHDOG_USEC="2000000", WATCHDOG_PID=str(os.getpid()))
    os.execvpe(command[0], command, environment)

listener.close()
stray.close()
print("pid", pid, flush=True)
manager.settimeout(60)
while True:
    data, ancillary, _, _ = manager.recvmsg(4096, 4096)
    fds = array.array("i")
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(content)
    for fd in fds:
        os.close(fd)
    text = data.decode().strip().replace("\n", " | ")
    print(text + (" + %d" % len(fds) if fds else ""), flush=True)
    if "STOPPING=1" in text:
        break
os.waitpid(pid, 0)
os.unlink(notify)
