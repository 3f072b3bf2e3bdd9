/* Where mails leave: what the settings may say, and when a password would travel in clear. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../daemon/settings.h"

static struct mail_server server;

/* What it says on standard error is the business of who starts the daemon. */
static int asked(const struct settings *s)
{
    int kept = dup(STDERR_FILENO), nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDERR_FILENO);
    int f = mail_server_read(s, &server);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(nowhere);
    return f;
}

static const char *password_file(const char *text, mode_t mode)
{
    static char path[256];
    snprintf(path, sizeof(path), "%s/password", unit_directory());
    FILE *f = fopen(path, "w");
    fputs(text, f);
    fclose(f);
    chmod(path, mode);
    return path;
}

TEST(mail_server_is_none_or_whole)
{
    struct settings s = { .mail = NULL };
    CHECK_INT(asked(&s), 0);
    CHECK(!server.url);
    s.mail_from = "plie@example.org";
    CHECK_INT(asked(&s), 64);
    s.mail = "smtp://mail.example.org:587";
    CHECK_INT(asked(&s), 0);
    CHECK_STR(server.url, "smtp://mail.example.org:587");
    CHECK_STR(server.password, "");
    s.mail_user = "plie";
    CHECK_INT(asked(&s), 64);
    static const char *const wrong[] = { "mail.example.org", "http://x", "smtp://", "smtp://a b", "smtp://u:p@host", "smtps://host/x" };
    s.mail_user = NULL;
    for (unsigned i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        s.mail = wrong[i];
        CHECK_INT(asked(&s), 64);
    }
    static const char *const nobody[] = { "plie", "@example.org", "plie@", "a@b@c", "plie@x\r\nBcc: y", "p lie@x", "<plie@x>", "pli\xc3\xa9@x" };
    s.mail = "smtps://host:465";
    for (unsigned i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
        s.mail_from = nobody[i];
        CHECK_INT(asked(&s), 64);
    }
}

TEST(mail_server_asks_for_tls_wherever_it_can_be_overheard)
{
    static const struct { const char *url; bool user, required; } cases[] = {
        { "smtp://mail.example.org", false, true }, { "smtp://localhost:25", false, false }, { "smtp://localhost", true, true },
        { "smtp://127.0.0.1:2525", false, false }, { "smtp://127.0.0.1.example.org", false, true }, { "smtp://[::1]:25", false, false },
        { "smtp://localhost.example.org:25", false, true }, { "smtps://mail.example.org", true, false },
    };
    const char *path = password_file("secret\n", 0600);
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct settings s = { .mail = cases[i].url, .mail_from = "plie@example.org", .mail_user = cases[i].user ? "plie" : NULL,
                              .mail_password = cases[i].user ? path : NULL };
        CHECK_INT(asked(&s), 0);
        if (!CHECK_INT(server.tls_required, cases[i].required))
            printf("%s\n", cases[i].url);
        CHECK_STR(server.password, cases[i].user ? "secret" : "");
    }
}

TEST(mail_server_reads_a_password_that_nobody_else_may)
{
    struct settings s = { .mail = "smtp://host", .mail_from = "plie@example.org", .mail_user = "plie", .mail_password = "/nowhere/password" };
    CHECK_INT(asked(&s), 66);
    s.mail_password = password_file("secret", 0640);
    CHECK_INT(asked(&s), 66);
    s.mail_password = password_file("two\nlines\n", 0600);
    CHECK_INT(asked(&s), 66);
    s.mail_password = password_file("\n", 0600);
    CHECK_INT(asked(&s), 66);
    char longest[MAIL_PASSWORD_BYTES + 1];
    memset(longest, 'x', sizeof(longest));
    longest[MAIL_PASSWORD_BYTES] = 0;
    s.mail_password = password_file(longest, 0600);
    CHECK_INT(asked(&s), 66);
    longest[MAIL_PASSWORD_BYTES - 1] = 0;
    s.mail_password = password_file(longest, 0600);
    CHECK_INT(asked(&s), 0);
    CHECK_STR(server.password, longest);
}
