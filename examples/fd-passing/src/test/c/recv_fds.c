/*
 * recv_fds PATH [late]
 *
 * Connects to PATH, receives one message and prints the beginning of each file that came with it.
 * With "late" it waits for a line on its standard input between the two, so that a test can make
 * things happen while the descriptors are on their way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MOST 253 /* SCM_MAX_FD of Linux */

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void print_file(int fd) {
  char first[64];
  ssize_t length = read(fd, first, sizeof first);
  if (length < 0) die("read");
  printf("received as descriptor %d: %.*s\n", fd, (int)length, first);
  close(fd);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fputs("usage: recv_fds PATH [late]\n", stderr);
    return 2;
  }
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(argv[1]) >= sizeof address.sun_path) die("path too long");
  strcpy(address.sun_path, argv[1]);
  int peer = socket(AF_UNIX, SOCK_STREAM, 0);
  if (peer < 0) die("socket");
  if (connect(peer, (struct sockaddr *)&address, sizeof address) < 0) die("connect");
  if (argc > 2) {
    getchar();
  }

  union {
    char bytes[CMSG_SPACE(MOST * sizeof(int))];
    struct cmsghdr align;
  } control;
  char byte;
  struct iovec payload = {.iov_base = &byte, .iov_len = 1};
  struct msghdr message = {.msg_iov = &payload,
                           .msg_iovlen = 1,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  ssize_t received = recvmsg(peer, &message, 0);
  if (received < 0) die("recvmsg");
  printf("payload of %zd\n", received);
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header != NULL;
       header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
      size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
      for (size_t i = 0; i < count; i++) {
        int fd;
        memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
        print_file(fd);
      }
    }
  }
  return 0;
}
