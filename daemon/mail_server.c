#include "mail_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "settings.h"

#define USAGE_EXIT 64
#define READ_EXIT 66
#define ADDRESS_BYTES_MAX 200

static int wrong(int status, const char *setting, const char *why)
{
    fprintf(stderr, "parcoursd: --%s: %s\n", setting, why);
    return status;
}

/* ASCII, one @ with something on both sides, nothing that ends a header or an SMTP command. */
static bool is_address(const char *s)
{
    const char *at = strchr(s, '@');
    for (const char *c = s; *c; c++)
        if (*c <= ' ' || *c > '~' || strchr("<>,;\"\\", *c))
            return false;
    return at && at > s && at[1] && !strchr(at + 1, '@') && strlen(s) <= ADDRESS_BYTES_MAX;
}

static bool begins(const char *s, const char *with)
{
    return strncmp(s, with, strlen(with)) == 0;
}

static bool is_this_machine(const char *host)
{
    size_t bytes = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
    static const char *const names[] = { "localhost", "[::1]" };
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (bytes == strlen(names[i]) && strncmp(host, names[i], bytes) == 0)
            return true;
    return begins(host, "127.") && strspn(host, "0123456789.") == bytes;
}

/* The file's one line. Whoever may read it may write mails in the PLIE's name: nobody but its owner. */
static int read_password(const char *path, char out[MAIL_PASSWORD_BYTES])
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return wrong(READ_EXIT, "mail-password", "this file cannot be read");
    ssize_t bytes = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, out, MAIL_PASSWORD_BYTES) : -1;
    close(fd);
    if (bytes < 0)
        return wrong(READ_EXIT, "mail-password", "this file cannot be read");
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return wrong(READ_EXIT, "mail-password", "others may read this file: chmod 600");
    while (bytes && (out[bytes - 1] == '\n' || out[bytes - 1] == '\r'))
        bytes--;
    if (bytes == 0 || bytes == MAIL_PASSWORD_BYTES || memchr(out, '\n', (size_t)bytes) || memchr(out, 0, (size_t)bytes))
        return wrong(READ_EXIT, "mail-password", "a file of one line is expected, which is the password");
    out[bytes] = 0;
    return 0;
}

static int check_url(const char *url, const char **ret_host)
{
    *ret_host = begins(url, "smtp://") ? url + 7 : begins(url, "smtps://") ? url + 8 : "";
    size_t bytes = strlen(*ret_host);
    if (bytes == 0 || strcspn(*ret_host, "/@? \t\r\n") != bytes)
        return wrong(USAGE_EXIT, "mail", "smtp://HOST:PORT or smtps://HOST:PORT is expected");
    return 0;
}

int mail_server_read(const struct settings *s, struct mail_server *ret)
{
    const char *host = "";
    memset(ret, 0, sizeof(*ret));
    if (!s->mail)
        return s->mail_from || s->mail_user || s->mail_password ? wrong(USAGE_EXIT, "mail", "the server is missing") : 0;
    int f = check_url(s->mail, &host);
    if (!f && (!s->mail_from || !is_address(s->mail_from)))
        f = wrong(USAGE_EXIT, "mail-from", "the address that mails come from is expected");
    if (!f && !s->mail_user != !s->mail_password)
        f = wrong(USAGE_EXIT, s->mail_user ? "mail-password" : "mail-user", "a user and a password go together");
    if (!f && s->mail_password)
        f = read_password(s->mail_password, ret->password);
    ret->url = s->mail;
    ret->from = s->mail_from;
    ret->user = s->mail_user;
    ret->tls_required = begins(s->mail, "smtp://") && (s->mail_user || !is_this_machine(host));
    return f;
}
