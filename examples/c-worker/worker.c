/* A worker in C, written from docs/PROTOCOL.md alone: serves HTTP at ADDRESS PORT. */
#define _POSIX_C_SOURCE 200809L
#include <arpa/inet.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { SUPERVISOR, LISTENING, FIRST_CLIENT, MOST = 64 };
static struct pollfd polled[MOST]; /* the supervisor, what listens, then the clients */
static int seen[MOST];             /* of each client: how much of the end of its request */
static int count = FIRST_CLIENT, faces[2]; /* shared, private */
static char text[65537], id[256];          /* of the last message, and its id */

static void check(int fine, const char *what) {
  if (!fine) {
    fprintf(stderr, "worker: %s\n", what);
    exit(1);
  }
}

static void say(const char *format, ...) {
  char frame[1024];
  va_list values;
  va_start(values, format);
  uint32_t length = vsnprintf(frame + 4, sizeof frame - 4, format, values), header = htonl(length);
  va_end(values);
  memcpy(frame, &header, 4);
  send(polled[SUPERVISOR].fd, frame, 4 + length, MSG_NOSIGNAL); /* if it is gone, hear() says so */
}

/* Finds the value of "\nkey="; empty if there is none. Those we need have nothing to unescape. */
static char *value(const char *key, char into[256]) {
  char *found = strstr(text, key);
  into[0] = 0;
  if (found) sscanf(found + strlen(key), "%255[^\n]", into);
  return into;
}

/* Reads a message, and two descriptors at most that came with its first byte. 0 at the end. */
static int hear(int fds[2]) {
  union { struct cmsghdr align; char bytes[CMSG_SPACE(2 * sizeof(int))]; } control;
  uint32_t header;
  struct iovec data = {&header, sizeof header};
  struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = sizeof control};
  fds[0] = fds[1] = -1;
  if (recvmsg(polled[SUPERVISOR].fd, &message, MSG_WAITALL) != sizeof header) return 0;
  struct cmsghdr *first = CMSG_FIRSTHDR(&message);
  if (first) memcpy(fds, CMSG_DATA(first), first->cmsg_len - CMSG_LEN(0));
  ssize_t length = ntohl(header);
  if (length >= (ssize_t)sizeof text) return 0;
  if (recv(polled[SUPERVISOR].fd, text, length, MSG_WAITALL) != length) return 0;
  text[length] = 0;
  value("\nid=", id);
  return 1;
}

static void obey(void) {
  char face[256];
  if (!strncmp(text, "SWITCH\n", 7)) { /* drain-millis is for those who keep connections alive */
    int shared = !strcmp(value("\nface=", face), "shared");
    check(dup2(faces[shared ? 0 : 1], polled[LISTENING].fd) >= 0, "cannot switch");
    say("SWITCHED\nid=%s\nface=%s\nmicros=1\n", id, face);
  } else if (!strncmp(text, "COUNT\n", 6)) {
    say("CONNECTIONS\nid=%s\ncount=%d\n", id, count - FIRST_CLIENT);
  } else if (!strncmp(text, "PING\n", 5)) {
    say("PONG\nid=%s\n", id);
  } else {
    say("NOT_UNDERSTOOD\nid=%s\nverb=%.*s\n", id, (int)strcspn(text, "\n"), text);
  }
}

/* Reads what is there, answers if that ends the request. Returns whether the client stays. */
static int serve(int client) {
  char request[4096], body[64], answer[256];
  ssize_t n = read(polled[client].fd, request, sizeof request);
  for (ssize_t i = 0; i < n && seen[client] < 4; i++)
    seen[client] = request[i] == "\r\n\r\n"[seen[client]] ? seen[client] + 1 : request[i] == '\r';
  if (n > 0 && seen[client] < 4) return 1;
  if (n > 0) {
    int length = snprintf(body, sizeof body, "hello from pid %ld\n", (long)getpid());
    length = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n"
                      "Connection: close\r\n\r\n%s", length, body);
    send(polled[client].fd, answer, length, MSG_NOSIGNAL);
  }
  close(polled[client].fd);
  return 0;
}

static void attach(const char *address, const char *port) {
  const char *path = getenv("BATON_ATTACH"), *token = getenv("BATON_TOKEN");
  struct sockaddr_un supervisor = {.sun_family = AF_UNIX};
  check(path && token && strlen(path) < sizeof supervisor.sun_path, "started by no supervisor");
  strcpy(supervisor.sun_path, path);
  int connection = socket(AF_UNIX, SOCK_STREAM, 0);
  check(!connect(connection, (struct sockaddr *)&supervisor, sizeof supervisor), "cannot connect");
  polled[SUPERVISOR] = (struct pollfd){connection, POLLIN, 0};
  say("HELLO\nversion=1\ntoken=%s\npid=%ld\njava=C\n", token, (long)getpid());
  check(hear(faces) && !strncmp(text, "WELCOME\n", 8), "not welcome");
  say("BIND\nid=1\nkind=tcp\nfamily=inet\naddress=%s\nport=%s\nreuseport=false\n", address, port);
  check(hear(faces) && !strncmp(text, "GRANT\n", 6) && faces[1] >= 0, "not granted");
  polled[LISTENING] = (struct pollfd){dup(faces[1]), POLLIN, 0};
  char listener[256];
  say("LISTENING\nlistener=%s\nswitchable=true\n", value("\nlistener=", listener));
}

int main(int argc, char **argv) {
  check(argc == 3, "usage: worker ADDRESS PORT");
  attach(argv[1], argv[2]);
  for (;;) {
    polled[LISTENING].events = count < MOST ? POLLIN : 0; /* the others wait in the queue */
    if (poll(polled, count, -1) < 0) continue;
    for (int i = count - 1; i >= FIRST_CLIENT; i--) /* backwards: the last one fills a gap */
      if (polled[i].revents && !serve(i)) {
        polled[i] = polled[--count];
        seen[i] = seen[count];
      }
    if (polled[SUPERVISOR].revents) {
      int refused[2]; /* such as the new file of a ROTATE */
      if (hear(refused)) obey();
      else polled[SUPERVISOR].fd = -1; /* gone: serve on, until the next one ends us */
      for (int i = 0; i < 2; i++)
        if (refused[i] >= 0) close(refused[i]);
    }
    if (polled[LISTENING].revents) { /* it may have been switched just now: then nobody is there */
      int client = accept(polled[LISTENING].fd, NULL, NULL);
      seen[count] = 0;
      if (client >= 0) polled[count++] = (struct pollfd){client, POLLIN, 0};
    }
  }
}
