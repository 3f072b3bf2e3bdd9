/* Sockets that listen. */

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#include "http_connection.h"

enum { WAITING_CONNECTIONS_MAX = 1024 };

static int closed_with(int fd, int error)
{
    close(fd);
    return error;
}

/* On an error the socket stays the caller's. */
static int add_listener(struct http_server *server, int fd, const struct http_listener *details)
{
    if (server->listener_count == HTTP_LISTENERS_MAX || server->is_draining) {
        return ENOSPC;
    }
    struct http_listener *added = &server->listeners[server->listener_count];
    *added = *details;
    unsigned options = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC;
    /* The 0 says that the socket listens already. */
    added->listener = evconnlistener_new(server->base, http_accepted, server, options, 0, fd);
    if (added->listener == NULL) {
        return ENOMEM;
    }
    evconnlistener_set_error_cb(added->listener, http_accept_failed);
    server->listener_count++;
    return 0;
}

static int listen_on(struct http_server *server, int fd, const struct http_listener *details)
{
    if (listen(fd, WAITING_CONNECTIONS_MAX) != 0) {
        return closed_with(fd, errno);
    }
    int error = add_listener(server, fd, details);
    return error ? closed_with(fd, error) : 0;
}

/* The address alone goes to libevent, which would refuse port 0 and take whatever follows the number. */
static bool read_address(const char *address, struct sockaddr_storage *ret, int *ret_bytes)
{
    char host[64], *after = NULL;
    const char *colon = strrchr(address, ':');
    size_t host_bytes = colon ? (size_t)(colon - address) : 0;
    if (host_bytes == 0 || host_bytes >= sizeof host || colon[1] < '0' || colon[1] > '9') {
        return false;
    }
    memcpy(host, address, host_bytes);
    host[host_bytes] = '\0';
    unsigned long port = strtoul(colon + 1, &after, 10);
    bool is_ipv6 = strchr(host, ':') != NULL;
    if (*after != '\0' || port > UINT16_MAX || (is_ipv6 && (host[0] != '[' || host[host_bytes - 1] != ']')) ||
        evutil_parse_sockaddr_port(host, (struct sockaddr *)ret, ret_bytes) != 0) {
        return false;
    }
    if (ret->ss_family == AF_INET6) {
        ((struct sockaddr_in6 *)ret)->sin6_port = htons((uint16_t)port);
    } else {
        ((struct sockaddr_in *)ret)->sin_port = htons((uint16_t)port);
    }
    return true;
}

int http_listen_tcp(struct http_server *server, const char *address, bool reuse_port)
{
    struct sockaddr_storage where = { 0 };
    int bytes = sizeof where, on = 1;
    if (!read_address(address, &where, &bytes)) {
        return EINVAL;
    }
    int fd = socket(where.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return errno;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (reuse_port && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) {
        return closed_with(fd, errno);
    }
    if (bind(fd, (struct sockaddr *)&where, (socklen_t)bytes) != 0) {
        return closed_with(fd, errno);
    }
    return listen_on(server, fd, &(struct http_listener){ .is_tcp = true });
}

/* Removes a socket at which nobody answers; 0 when the path is free now. */
static int remove_stale_socket(const struct sockaddr_un *path)
{
    struct stat found;
    if (lstat(path->sun_path, &found) != 0) {
        return errno == ENOENT ? 0 : errno;
    }
    if (!S_ISSOCK(found.st_mode)) {
        return EADDRINUSE;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return errno;
    }
    bool is_stale = connect(fd, (const struct sockaddr *)path, sizeof *path) != 0 && errno == ECONNREFUSED;
    close(fd);
    if (!is_stale) {
        return EADDRINUSE;
    }
    return unlink(path->sun_path) == 0 || errno == ENOENT ? 0 : errno;
}

/* Binds with the wanted permissions from the first instant: Linux takes them from the socket, less the umask. */
static int bind_path(int fd, const struct sockaddr_un *path, mode_t mode)
{
    if (fchmod(fd, mode) != 0 || bind(fd, (const struct sockaddr *)path, sizeof *path) != 0) {
        return errno;
    }
    return chmod(path->sun_path, mode) == 0 ? 0 : errno;
}

int http_listen_unix(struct http_server *server, const char *path, mode_t mode)
{
    struct http_listener details = { .path = { .sun_family = AF_UNIX } };
    if (path[0] == '\0' || strlen(path) >= sizeof details.path.sun_path) {
        return path[0] == '\0' ? EINVAL : ENAMETOOLONG;
    }
    memcpy(details.path.sun_path, path, strlen(path) + 1);
    int error = remove_stale_socket(&details.path);
    if (error) {
        return error;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return errno;
    }
    error = bind_path(fd, &details.path, mode);
    if (error) {
        return closed_with(fd, error);
    }
    struct stat made;
    if (lstat(path, &made) == 0) {
        details.device = made.st_dev;
        details.inode = made.st_ino;
    }
    error = listen_on(server, fd, &details);
    if (error) {
        unlink(path);
    }
    return error;
}

int http_listen_fd(struct http_server *server, int fd)
{
    int is_listening = 0;
    socklen_t bytes = sizeof is_listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &bytes) != 0) {
        return errno;
    }
    if (!is_listening || evutil_make_socket_nonblocking(fd) != 0) {
        return EINVAL;
    }
    int domain = 0;
    bytes = sizeof domain;
    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &bytes);
    return add_listener(server, fd, &(struct http_listener){ .is_tcp = domain != AF_UNIX });
}

int http_server_port(const struct http_server *server)
{
    for (unsigned i = 0; i < server->listener_count; i++) {
        struct sockaddr_storage where = { 0 };
        socklen_t bytes = sizeof where;
        if (!server->listeners[i].is_tcp ||
            getsockname(evconnlistener_get_fd(server->listeners[i].listener), (struct sockaddr *)&where, &bytes) != 0) {
            continue;
        }
        return where.ss_family == AF_INET ? ntohs(((struct sockaddr_in *)&where)->sin_port)
                                          : ntohs(((struct sockaddr_in6 *)&where)->sin6_port);
    }
    return 0;
}

/* Only our own socket is removed: another daemon may have replaced it meanwhile. */
static void remove_path(const struct http_listener *listener)
{
    struct stat found;
    const char *path = listener->path.sun_path;
    if (path[0] != '\0' && lstat(path, &found) == 0 && found.st_dev == listener->device &&
        found.st_ino == listener->inode) {
        unlink(path);
    }
}

void http_listeners_close(struct http_server *server)
{
    while (server->listener_count > 0) {
        struct http_listener *last = &server->listeners[--server->listener_count];
        remove_path(last);
        evconnlistener_free(last->listener);
    }
}

void http_listeners_pause(struct http_server *server, bool pause)
{
    /* After descriptors ran out, only the timer resumes: or every connection that closes would cause a new failure. */
    if (!pause && evtimer_pending(server->accept_again, NULL)) {
        return;
    }
    if (server->is_paused == pause) {
        return;
    }
    server->is_paused = pause;
    for (unsigned i = 0; i < server->listener_count; i++) {
        if (pause) {
            evconnlistener_disable(server->listeners[i].listener);
        } else {
            evconnlistener_enable(server->listeners[i].listener);
        }
    }
}
