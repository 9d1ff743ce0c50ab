/*
 * send_fds PATH PAYLOAD FILE...
 *
 * Binds PATH, accepts one peer and sends it the open files in one message, as plain C does it.
 * PAYLOAD may be empty and there may be no FILE: that is how the tests make bad messages.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MOST 253 /* SCM_MAX_FD of Linux */
#define FIRST_NUMBER 200 /* far from what a JVM gives its files */

static void die(const char *what) {
  perror(what);
  exit(1);
}

int main(int argc, char **argv) {
  if (argc < 3 || argc - 3 > MOST) {
    fputs("usage: send_fds PATH PAYLOAD FILE...\n", stderr);
    return 2;
  }
  int count = argc - 3;
  int fds[MOST];
  for (int i = 0; i < count; i++) {
    int fd = open(argv[3 + i], O_RDONLY);
    if (fd < 0) die(argv[3 + i]);
    fds[i] = fcntl(fd, F_DUPFD, FIRST_NUMBER);
    if (fds[i] < 0) die("F_DUPFD");
    close(fd);
    printf("opened as descriptor %d: %s\n", fds[i], argv[3 + i]);
  }

  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(argv[1]) >= sizeof address.sun_path) die("path too long");
  strcpy(address.sun_path, argv[1]);
  int server = socket(AF_UNIX, SOCK_STREAM, 0);
  if (server < 0) die("socket");
  if (bind(server, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
  if (listen(server, 1) < 0) die("listen");
  printf("listening on %s\n", argv[1]);
  fflush(stdout);
  int peer = accept(server, NULL, NULL);
  if (peer < 0) die("accept");

  union {
    char bytes[CMSG_SPACE(sizeof fds)];
    struct cmsghdr align;
  } control;
  struct iovec payload = {.iov_base = argv[2], .iov_len = strlen(argv[2])};
  struct msghdr message = {.msg_iov = &payload, .msg_iovlen = 1};
  if (count > 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(count * sizeof(int));
    memcpy(CMSG_DATA(header), fds, count * sizeof(int));
  }
  ssize_t sent = sendmsg(peer, &message, 0);
  if (sent < 0) die("sendmsg");
  printf("sent %zd\n", sent);
  unlink(argv[1]);
  return 0;
}
