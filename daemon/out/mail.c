#include "mail.h"

#include <inttypes.h>

#include "../../events/chain.h"
#include "../../events/days.h"

#define LINE_MAX_BYTES 76       /* of quoted-printable, its soft end included; of a header that holds an encoded word */
#define ENCODED_OPEN "=?UTF-8?Q?"
#define ENCODED_CLOSE "?="
#define BOUNDARY_HASH_BYTES 12
#define DAY_MS INT64_C(86400000)

/* ---- one character, as it is or as =XX each byte ---- */
static void write_escaped(struct written *w, struct text t)
{
    for (uint32_t i = 0; i < t.bytes; i++)
        written_print(w, "=%02X", (uint8_t)t.at[i]);
}

/* ---- headers ---- */
static bool is_plain(struct text t)
{
    for (uint32_t i = 0; i < t.bytes; i++)
        if (t.at[i] < ' ' || t.at[i] > '~')
            return false;
    return t.bytes < LINE_MAX_BYTES - sizeof("Subject: ");
}

/* Fewer stand as they are than RFC 2047 allows: these do within a name before an address, too. */
static bool stands_in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/* As encoded words, a new line before whatever would be too long; no character is cut in two. `column` is what the line holds already. */
static void write_words(struct written *w, struct text t, size_t column)
{
    size_t room = LINE_MAX_BYTES - sizeof(ENCODED_CLOSE) + 1, at = column + sizeof(ENCODED_OPEN) - 1;
    written_string(w, ENCODED_OPEN);
    for (uint32_t i = 0, n; i < t.bytes; i += n) {
        n = character_bytes(t, i);
        bool stands = stands_in_word(t.at[i]) || t.at[i] == ' ';
        size_t takes = stands ? 1 : 3 * n;
        if (at + takes > room) {
            written_string(w, ENCODED_CLOSE "\r\n " ENCODED_OPEN);
            at = sizeof(" " ENCODED_OPEN) - 1;
        }
        at += takes;
        if (stands)
            written_bytes(w, t.at[i] == ' ' ? "_" : &t.at[i], 1);
        else
            write_escaped(w, (struct text){ t.at + i, n });
    }
    written_string(w, ENCODED_CLOSE);
}

static void write_header(struct written *w, const char *name, struct text value)
{
    written_print(w, "%s: ", name);
    if (is_plain(value))
        written_text(w, value);
    else
        write_words(w, value, strlen(name) + 2);
    written_string(w, "\r\n");
}

static void write_from(struct written *w, const struct mail *m)
{
    written_string(w, "From: ");
    if (m->from_name.bytes) {
        write_words(w, m->from_name, sizeof("From: ") - 1);
        written_string(w, "\r\n ");
    }
    written_print(w, "<%.*s>\r\n", TEXT_ARGS(m->from));
}

static void write_date(struct written *w, int64_t ms)
{
    static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int32_t day = (int32_t)(ms / DAY_MS), seconds = (int32_t)(ms / 1000 - (int64_t)day * 86400);
    struct civil c = day_civil(day);
    written_print(w, "Date: %s, %" PRId32 " %s %" PRId32 " %02" PRId32 ":%02" PRId32 ":%02" PRId32 " +0000\r\n",
                  weekdays[6 - (week_last(week_index(day)) - day)], c.day, months[c.month - 1], c.year, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* ---- parts ---- */
static bool stands_in_part(char c)
{
    return (c >= ' ' && c <= '~' && c != '=') || c == '\t';
}

/* Blanks at the end of a line would be lost on the way: the last one is escaped. */
static bool ends_line(struct text t, uint32_t i)
{
    return i >= t.bytes || t.at[i] == '\n';
}

/* Quoted-printable. */
static void write_part(struct written *w, struct text t)
{
    size_t column = 0;
    for (uint32_t i = 0, n; i < t.bytes; i += n) {
        n = 1;
        if (t.at[i] == '\n') {
            written_string(w, "\r\n");
            column = 0;
            continue;
        }
        n = character_bytes(t, i);
        bool blank = t.at[i] == ' ' || t.at[i] == '\t';
        bool stands = stands_in_part(t.at[i]) && !(blank && ends_line(t, i + 1));
        size_t takes = stands ? 1 : 3 * n;
        if (column + takes > LINE_MAX_BYTES - 1) {      /* one is left for the "=" of a soft end */
            written_string(w, "=\r\n");
            column = 0;
        }
        column += takes;
        if (stands)
            written_bytes(w, &t.at[i], 1);
        else
            write_escaped(w, (struct text){ t.at + i, n });
    }
    if (column)
        written_string(w, "\r\n");
}

/* "=_" is in no quoted-printable text, so no part holds the boundary. */
static void write_boundary(struct written *w, const struct mail *m)
{
    struct hash h = chain_hash(m->message_id.at, m->message_id.bytes);
    written_string(w, "=_");
    for (int i = 0; i < BOUNDARY_HASH_BYTES; i++)
        written_print(w, "%02x", h.at[i]);
}

static void begin_part(struct written *w, const struct mail *m, const char *type)
{
    written_string(w, "--");
    write_boundary(w, m);
    written_print(w, "\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", type);
}

void mail_write(struct written *w, const struct mail *m)
{
    write_from(w, m);
    written_print(w, "To: <%.*s>\r\n", TEXT_ARGS(m->to));
    write_header(w, "Subject", m->subject);
    write_date(w, m->date_ms);
    written_print(w, "Message-ID: <%.*s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n", TEXT_ARGS(m->message_id));
    written_string(w, "Content-Type: multipart/alternative;\r\n boundary=\"");
    write_boundary(w, m);
    written_string(w, "\"\r\n\r\n");
    begin_part(w, m, "text/plain");
    write_part(w, m->plain);
    begin_part(w, m, "text/html");
    write_part(w, m->html);
    written_string(w, "--");
    write_boundary(w, m);
    written_string(w, "--\r\n");
}
