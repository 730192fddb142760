/*
 * A stand-in for the library by which the 1Password SDK talks to the desktop
 * app. It exports the two functions that the SDK looks up, and forwards each
 * message over the Unix socket "app.sock" beside the library itself:
 *
 *   request   u32 length, message
 *   response  i32 return code, u32 length, message      (host byte order)
 *
 * The return codes are the real library's: the channel is closed (nobody
 * listens), and the connection was dropped.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef __APPLE__
enum { CHANNEL_CLOSED = -3, CONNECTION_DROPPED = -7 };
#else
enum { CHANNEL_CLOSED = -2, CONNECTION_DROPPED = -5 };
#endif

static int whole_write(int fd, const void *p, size_t n) {
    const char *at = p;
    while (n > 0) {
#ifdef MSG_NOSIGNAL
        ssize_t done = send(fd, at, n, MSG_NOSIGNAL);
#else
        ssize_t done = send(fd, at, n, 0);
#endif
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return -1;
        at += done;
        n -= (size_t)done;
    }
    return 0;
}

static int whole_read(int fd, void *p, size_t n) {
    char *at = p;
    while (n > 0) {
        ssize_t done = read(fd, at, n);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return -1;
        at += done;
        n -= (size_t)done;
    }
    return 0;
}

static int dial(void) {
    static const char name[] = "app.sock";
    struct sockaddr_un addr = {.sun_family = AF_UNIX};
    Dl_info self;
    if (dladdr((void *)dial, &self) == 0 || self.dli_fname == NULL) return -1;
    const char *slash = strrchr(self.dli_fname, '/');
    if (slash == NULL) return -1;
    size_t dir = (size_t)(slash - self.dli_fname) + 1;
    if (dir + sizeof name > sizeof addr.sun_path) return -1;
    memcpy(addr.sun_path, self.dli_fname, dir);
    memcpy(addr.sun_path + dir, name, sizeof name);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0) return -1;
    if (connect(fd, (struct sockaddr *)&addr, sizeof addr) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

int32_t op_sdk_ipc_send_message(const uint8_t *msg, size_t len, uint8_t **out, size_t *out_len, size_t *out_cap) {
    int32_t code = CONNECTION_DROPPED;
    uint32_t n = (uint32_t)len;
    uint8_t *buf = NULL;
    int fd = dial();
    if (fd < 0) return CHANNEL_CLOSED;
    if (whole_write(fd, &n, sizeof n) != 0 || whole_write(fd, msg, len) != 0) goto done;
    int32_t answered;
    if (whole_read(fd, &answered, sizeof answered) != 0 || whole_read(fd, &n, sizeof n) != 0) goto done;
    if (answered == 0) {
        buf = malloc(n > 0 ? n : 1);
        if (buf == NULL || whole_read(fd, buf, n) != 0) goto done;
        *out = buf;
        *out_len = n;
        *out_cap = n > 0 ? n : 1;
        buf = NULL;
    }
    code = answered;
done:
    free(buf);
    close(fd);
    return code;
}

void op_sdk_ipc_free_response(uint8_t *buf, size_t len, size_t cap) {
    (void)len;
    (void)cap;
    free(buf);
}
