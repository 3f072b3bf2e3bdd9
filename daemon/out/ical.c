#include "ical.h"

#include <inttypes.h>

#include "../../events/days.h"

#define LINE_BYTES_MAX 75

/* The zone since 1996, with the days on which its two halves began; standard time first or last makes no difference to a reader. */
static const char paris[] =
    "BEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\n"
    "BEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nDTSTART:19810329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"
    "BEGIN:STANDARD\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nDTSTART:19961027T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n"
    "END:VTIMEZONE\r\n";

static const char *escape_of(char c)
{
    switch (c) {
    case '\\': return "\\\\";
    case ';': return "\\;";
    case ',': return "\\,";
    case '\n': return "\\n";
    default: return NULL;
    }
}

/* "NAME:text", folded: what follows a fold begins with a blank, which counts. Control characters have no place in a calendar. */
static void write_text(struct written *w, const char *name, struct text t)
{
    size_t column = strlen(name) + 1;
    written_print(w, "%s:", name);
    for (uint32_t i = 0, n; i < t.bytes; i += n) {
        n = character_bytes(t, i);
        const char *escape = escape_of(t.at[i]);
        struct text piece = escape ? text_of(escape) : (struct text){ t.at + i, n };
        if (!escape && ((uint8_t)t.at[i] < ' ' || t.at[i] == 0x7f))
            continue;
        if (column + piece.bytes > LINE_BYTES_MAX) {
            written_string(w, "\r\n ");
            column = 1;
        }
        written_text(w, piece);
        column += piece.bytes;
    }
    written_string(w, "\r\n");
}

/* 2026-01-05T08:00:00.000Z is 20260105T080000Z here. */
static void write_instant(struct written *w, const char *name, int64_t ms)
{
    char t[INSTANT_TEXT_BYTES];
    instant_print(ms, t);
    written_print(w, "%s:%.4s%.2s%.2sT%.2s%.2s%.2sZ\r\n", name, t, t + 5, t + 8, t + 11, t + 14, t + 17);
}

static void write_begins(struct written *w, const struct ical_entry *e, bool in_paris)
{
    char t[DAY_TEXT_BYTES];
    day_print(e->day, t);
    if (e->minute < 0)
        written_print(w, "DTSTART;VALUE=DATE:%.4s%.2s%.2s\r\n", t, t + 5, t + 8);
    else if (in_paris)
        written_print(w, "DTSTART;TZID=Europe/Paris:%.4s%.2s%.2sT%02" PRId32 "%02" PRId32 "00\r\n", t, t + 5, t + 8, e->minute / 60, e->minute % 60);
    else
        write_instant(w, "DTSTART", e->begins_ms);
    if (e->minute >= 0)
        written_string(w, "DURATION:PT1H\r\n");     /* how long an appointment lasts is not recorded: our reading */
}

void ical_begin(struct written *w, struct text name, bool in_paris)
{
    written_string(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//parcoursd//parcoursd//FR\r\nCALSCALE:GREGORIAN\r\n");
    write_text(w, "X-WR-CALNAME", name);
    written_string(w, "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n");
    if (in_paris)
        written_string(w, paris);
}

void ical_entry(struct written *w, const struct ical_entry *e, bool in_paris)
{
    written_string(w, "BEGIN:VEVENT\r\n");
    write_text(w, "UID", e->uid);
    written_print(w, "SEQUENCE:%" PRIu64 "\r\n", e->sequence);
    write_instant(w, "DTSTAMP", e->changed_ms);
    write_instant(w, "LAST-MODIFIED", e->changed_ms);
    write_begins(w, e, in_paris);
    write_text(w, "SUMMARY", e->summary);
    if (e->leaves_free)
        written_string(w, "TRANSP:TRANSPARENT\r\n");
    written_print(w, "STATUS:%s\r\nEND:VEVENT\r\n", e->cancelled ? "CANCELLED" : "CONFIRMED");
}

void ical_finish(struct written *w)
{
    written_string(w, "END:VCALENDAR\r\n");
}
