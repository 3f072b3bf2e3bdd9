/* The text of mails and of calendars. That others read them as we do is tested with their parsers (deliveries_*.py). */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../daemon/out/ical.h"
#include "../daemon/out/mail.h"
#include "../events/days.h"

static struct written w;

static const char *said(void)
{
    static char text[16384];
    snprintf(text, sizeof(text), "%.*s", TEXT_ARGS(written_so_far(&w)));
    return text;
}

/* The longest line, in bytes; each must end with CRLF. */
static size_t longest_line(const char *t)
{
    size_t longest = 0;
    for (const char *end; (end = strchr(t, '\n')); t = end + 1) {
        CHECK(end > t && end[-1] == '\r');
        longest = (size_t)(end - 1 - t) > longest ? (size_t)(end - 1 - t) : longest;
    }
    CHECK_STR(t, "");
    return longest;
}

static struct mail mail(void)
{
    return (struct mail){ .from = TEXT("plie@example.org"), .to = TEXT("referente@example.org"), .subject = TEXT("Your day, 10 January 2026"),
                          .message_id = TEXT("digest.2026-01-10.d_7kd2m0qx@example.org"), .date_ms = day_of(2026, 1, 10) * INT64_C(86400000) + 27000000,
                          .plain = TEXT("A\n"), .html = TEXT("<p>A</p>\n") };
}

static const char *write_mail(const struct mail *m)
{
    written_end(&w);
    written_begin(&w, 1 << 16);
    mail_write(&w, m);
    CHECK(!w.failed);
    return said();
}

TEST(mail_is_these_bytes)
{
    struct mail m = mail();
    CHECK_STR(write_mail(&m),
              "From: <plie@example.org>\r\nTo: <referente@example.org>\r\nSubject: Your day, 10 January 2026\r\nDate: Sat, 10 Jan 2026 07:30:00 +0000\r\n"
              "Message-ID: <digest.2026-01-10.d_7kd2m0qx@example.org>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
              "Content-Type: multipart/alternative;\r\n boundary=\"=_c5bd07292ed22a600db88070\"\r\n\r\n"
              "--=_c5bd07292ed22a600db88070\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nA\r\n"
              "--=_c5bd07292ed22a600db88070\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>A</p>\r\n"
              "--=_c5bd07292ed22a600db88070--\r\n");
}

TEST(mail_words_of_a_header_are_encoded_and_folded)
{
    struct mail m = mail();
    m.subject = TEXT("[PLIE de la vallée] Votre journée du 10 janvier 2026");
    const char *text = write_mail(&m);
    CHECK(strstr(text, "Subject: =?UTF-8?Q?=5BPLIE_de_la_vall=C3=A9e=5D_Votre_journ=C3=A9e_du_10_j?=\r\n =?UTF-8?Q?anvier_2026?=\r\n"));
    CHECK(longest_line(text) <= 76);
    m.subject = TEXT("a\r\nBcc: somebody@example.org");
    text = write_mail(&m);
    CHECK(!strstr(text, "\r\nBcc:"));
    CHECK(strstr(text, "Subject: =?UTF-8?Q?a=0D=0ABcc=3A_somebody=40example=2Eorg?=\r\n"));
    m.from_name = TEXT("PLIE \"de\" la vallée, ééééééééééééééééééééééééééééé");
    CHECK(longest_line(write_mail(&m)) <= 76);
    CHECK(strstr(said(), "From: =?UTF-8?Q?PLIE_=22de=22_"));
    CHECK(strstr(said(), "?=\r\n <plie@example.org>\r\n"));
}

TEST(mail_parts_keep_every_byte)
{
    struct mail m = mail();
    m.plain = TEXT("a = b \nfin\t\n.\né\xff");
    CHECK(strstr(write_mail(&m), "\r\n\r\na =3D b=20\r\nfin=09\r\n.\r\n=C3=A9=FF\r\n--="));
    char dots[400];
    memset(dots, 'x', sizeof(dots));
    memcpy(dots + 73, "é€ ", 6);
    m.plain = (struct text){ dots, sizeof(dots) };
    const char *text = write_mail(&m);
    CHECK(longest_line(text) <= 76);
    CHECK(strstr(text, "x=\r\n=C3=A9=E2=82=AC x"));
    m.plain = TEXT("");
    CHECK(strstr(write_mail(&m), "quoted-printable\r\n\r\n--="));
}

/* ---- calendars ---- */
static const char *write_entry(struct ical_entry e, bool in_paris)
{
    written_end(&w);
    written_begin(&w, 1 << 16);
    ical_entry(&w, &e, in_paris);
    CHECK(!w.failed);
    return said();
}

static struct ical_entry appointment(void)
{
    return (struct ical_entry){ .uid = TEXT("appointment-8123@5f.parcoursd"), .sequence = 8200, .changed_ms = day_of(2026, 1, 5) * INT64_C(86400000) + 28800000,
                                .day = day_of(2026, 7, 10), .minute = 870, .begins_ms = day_of(2026, 7, 10) * INT64_C(86400000) + 45000000,
                                .summary = TEXT("Rendez-vous p_7kd2m0qx"), .cancelled = true };
}

TEST(ical_entry_is_these_lines)
{
    CHECK_STR(write_entry(appointment(), true),
              "BEGIN:VEVENT\r\nUID:appointment-8123@5f.parcoursd\r\nSEQUENCE:8200\r\nDTSTAMP:20260105T080000Z\r\nLAST-MODIFIED:20260105T080000Z\r\n"
              "DTSTART;TZID=Europe/Paris:20260710T143000\r\nDURATION:PT1H\r\nSUMMARY:Rendez-vous p_7kd2m0qx\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n");
    CHECK(strstr(write_entry(appointment(), false), "\r\nDTSTART:20260710T123000Z\r\n"));
    struct ical_entry e = appointment();
    e.minute = -1;
    e.leaves_free = true;
    e.cancelled = false;
    CHECK(strstr(write_entry(e, true), "\r\nDTSTART;VALUE=DATE:20260710\r\nSUMMARY:Rendez-vous p_7kd2m0qx\r\nTRANSP:TRANSPARENT\r\nSTATUS:CONFIRMED\r\n"));
}

TEST(ical_lines_are_folded_between_characters)
{
    struct ical_entry e = appointment();
    e.summary = TEXT("0123456789012345678901234567890123456789012345678901234567890123456éfin; a, b\\c\nd\x01");
    const char *text = write_entry(e, true);
    /* "SUMMARY:" and 67 are 75: the two bytes of the é go to the next line together */
    CHECK(strstr(text, "SUMMARY:0123456789012345678901234567890123456789012345678901234567890123456\r\n éfin\\; a\\, b\\\\c\\nd\r\n"));
    CHECK_INT(longest_line(text), 75);
}

TEST(ical_calendar_has_one_zone)
{
    written_end(&w);
    written_begin(&w, 1 << 16);
    ical_begin(&w, TEXT("PLIE, r_1"), true);
    ical_finish(&w);
    CHECK(strstr(said(), "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:") == said());
    CHECK(strstr(said(), "\r\nX-WR-CALNAME:PLIE\\, r_1\r\n"));
    CHECK(strstr(said(), "END:VTIMEZONE\r\nEND:VCALENDAR\r\n"));
    CHECK(longest_line(said()) <= 75);
    w.bytes = 0;
    ical_begin(&w, TEXT("PLIE"), false);
    CHECK(!strstr(said(), "VTIMEZONE"));
    written_end(&w);
}
