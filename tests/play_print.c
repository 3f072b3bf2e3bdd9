/* A fold as text, every member of it, so that two can be compared. The members are listed here; what is not listed is found
 * out by the gap it leaves. */
#include <assert.h>

#include "play.h"

struct member {
    const char *name;
    size_t at, bytes;
    bool text;
};
#define M(type, member) { #member, offsetof(struct type, member), sizeof(((struct type *)0)->member), false }

static const struct member parcours_members[] = {
    M(parcours, state), M(parcours, number), M(parcours, stream), M(parcours, last_seq), M(parcours, last_on), M(parcours, version),
    M(parcours, oriented_on), M(parcours, diagnosed_on), M(parcours, eligible_on), M(parcours, proposed_on), M(parcours, decided_on),
    M(parcours, contract_on), M(parcours, transmitted_on), M(parcours, start_on), M(parcours, told_on), M(parcours, oriented_seq),
    M(parcours, decided_seq), M(parcours, contract_seq), M(parcours, start_seq), M(parcours, told_seq), M(parcours, has_prescriber),
    M(parcours, diagnosis_agreed), M(parcours, unfounded_exit), M(parcours, entered), M(parcours, eligibility),
    M(parcours, consents), M(parcours, benefits), M(parcours, obstacles), M(parcours, senior_month),
    M(parcours, in_territory), M(parcours, sex), M(parcours, referent), M(parcours, referent_since), M(parcours, next_appointment),
    M(parcours, next_appointment_seq), { "prescriber", offsetof(struct parcours, prescriber), sizeof(((struct parcours *)0)->prescriber), true },
    M(parcours, informed), M(parcours, rsa_on), M(parcours, mutual_on), M(parcours, mutual_until), M(parcours, rsa_seq), M(parcours, mutual_seq),
    M(parcours, signed_by),
    M(parcours, told_items), M(parcours, entry_items),
    M(parcours, contact_on), M(parcours, contact_month_days), M(parcours, contacts), M(parcours, contact_seq),
    M(parcours, reviewed_on), M(parcours, reviewed_seq), M(parcours, change_on), M(parcours, change_seq),
    M(parcours, reminder_back_on),
    M(parcours, shared_review_on), M(parcours, shared_review_seq),
    M(parcours, extensions), M(parcours, extension_asked_on), M(parcours, extension_session_day), M(parcours, extension_seq),
    M(parcours, job_contact_on), M(parcours, post_iae_contact_on), M(parcours, workplace_on), M(parcours, workplace_days), M(parcours, workplace_seq),
    M(parcours, gone_on), M(parcours, merged_into), M(parcours, exit_proposed_on), M(parcours, exit_session_day), M(parcours, exited_on), M(parcours, effective_on), M(parcours, qualified_on),
    M(parcours, exit_proposed_seq), M(parcours, exit_seq), M(parcours, qualified_seq), M(parcours, exit_outcome),
    M(parcours, exit_criterion), M(parcours, exit_reason), M(parcours, exit_agreed), M(parcours, relay_searched), M(parcours, relay_proposed),
    M(parcours, qualified_any_on), M(parcours, qualified_any_seq), M(parcours, situations), M(parcours, archived_on),
    M(parcours, resumed_on), M(parcours, book),
};
static const struct member deadline_members[] = { M(deadline, due), M(deadline, since), M(deadline, cause), M(deadline, opened_on) };
static const struct member step_members[] = {
    M(step, seq), M(step, prescribed_on), M(step, started_on), M(step, ended_on), M(step, planned_end), M(step, reception_on),
    M(step, closing_on), M(step, site_on), M(step, site_count), M(step, started_seq), M(step, ended_seq), M(step, site_seq),
    M(step, kind), M(step, agreed), M(step, contacts), M(step, result), M(step, dropped), M(step, abandoned),
    M(step, planned_start), M(step, evaluated_on), M(step, host),
};
static const struct member job_members[] = {
    M(job, seq), M(job, began_seq), M(job, started_on), M(job, ended_on), M(job, planned_end), M(job, kind), M(job, purpose), M(job, weekly_hundredths),
    M(job, ended_seq), M(job, market), M(job, agrees), M(job, of_exit),
};
static const struct member span_members[] = { M(span, seq), M(span, started_on), M(span, ended_on), M(span, kind), M(span, registered) };
static const struct member hours_members[] = { M(hours, seq), M(hours, from_day), M(hours, until_day), M(hours, hundredths), M(hours, employment) };
static const struct member evidence_members[] = {
    M(evidence, seq), M(evidence, employment), M(evidence, filed_on), M(evidence, dated), M(evidence, covers_from),
    M(evidence, covers_until), M(evidence, month), M(evidence, valid_until), M(evidence, kind), M(evidence, verdict),
};
static const struct member criterion_members[] = {
    M(criterion, seq), M(criterion, evidence), M(criterion, valid_until), M(criterion, to_come.on), M(criterion, to_come.dated),
    M(criterion, to_come.valid_until), M(criterion, word),
};
static const struct member recommendation_members[] = {
    M(recommendation, seq), M(recommendation, on), M(recommendation, by_day), M(recommendation, followed),
};
static const struct member offer_members[] = { M(offer, seq), M(offer, on), M(offer, answered), M(offer, explained) };
static const struct member request_members[] = {
    M(training_request, seq), M(training_request, step), M(training_request, granted_seq), M(training_request, documents), M(training_request, granted_on),
    M(training_request, cost_cents), M(training_request, cofunded_cents),
};
static const struct member participation_members[] = {
    M(participation, operation), M(participation, joined_seq), M(participation, complete_seq), M(participation, items), M(participation, joined_on),
    M(participation, left_on), M(participation, complete_on), M(participation, too_short), M(participation, outside), M(participation, left),
};
static const struct member missed_members[] = { M(missed, seq), M(missed, on) };
static const struct member reminder_members[] = { M(letter, seq), M(letter, on) };
static const struct member to_sign_members[] = { M(to_sign, seq), M(to_sign, on), M(to_sign, channel) };
static const struct member difficulty_members[] = { M(difficulty, seq), M(difficulty, on) };
static const struct member mark_members[] = { M(mark, seq), M(mark, rule), M(mark, state), M(mark, unfounded), M(mark, waived) };
static const struct member episode_members[] = {
    M(episode, due), M(episode, since), M(episode, settled_on), M(episode, shown_on), M(episode, cause), M(episode, settled), M(episode, rule),
};
static const struct member past_members[] = {
    M(past, oriented_on), M(past, started_on), M(past, ended_on), M(past, number), M(past, state), M(past, oriented_seq), M(past, start_seq), M(past, decided_seq),
    M(past, exit.decided_on), M(past, exit.effective_on),
    M(past, exit.seq), M(past, exit.outcome), M(past, exit.criterion), M(past, exit.reason), M(past, exit.unfounded), M(past, exit.accepted),
};
static const struct member heed_members[] = { M(heed, seen_seq), M(heed, put_off_seq), M(heed, since), M(heed, seen_on), M(heed, until_day), M(heed, rule) };
static const struct member tenure_members[] = { M(tenure, referent), M(tenure, from_day), M(tenure, number) };

#define LIST(name) name##_members, sizeof(name##_members) / sizeof(name##_members[0])

/* Nothing as large as a number may lie between two listed members. */
static void check_listed(const struct member *members, size_t count, size_t from, size_t until)
{
    size_t at = from;
    for (size_t i = 0; i < count; i++) {
        assert(members[i].at >= at && members[i].at - at < sizeof(int64_t));
        at = members[i].at + members[i].bytes;
    }
    assert(until - at < sizeof(int64_t));
}

static void print_members(struct json_out *out, const void *of, const struct member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint8_t *at = (const uint8_t *)of + members[i].at;
        char hex[512];
        size_t n = 0, bytes = members[i].text ? strlen((const char *)at) : members[i].bytes;
        assert(bytes * 2 < sizeof(hex));
        for (size_t b = 0; b < bytes; b++)
            n += (size_t)snprintf(hex + n, sizeof(hex) - n, "%02x", at[b]);
        hex[n] = 0;
        json_key(out, members[i].name);
        json_string(out, hex);
    }
}

static void print_list(struct json_out *out, const char *name, const void *at, size_t count, size_t each, const struct member *members, size_t n)
{
    check_listed(members, n, 0, each);
    for (size_t i = 0; i < count; i++) {
        json_key(out, name);
        json_open(out);
        print_members(out, (const char *)at + i * each, members, n);
        json_close(out);
        json_line(out);
    }
}

#define PRINT_BYTES_MAX (16u << 20)

struct text fold_print(struct arena *arena, const struct parcours *p)
{
    struct json_out out;
    size_t count = sizeof(parcours_members) / sizeof(parcours_members[0]);
    json_out_init(&out, PRINT_BYTES_MAX);
    check_listed(parcours_members, count, 0, offsetof(struct parcours, marks));
    for (size_t i = 0; i < count; i++) {
        if (parcours_members[i].at == offsetof(struct parcours, book))
            continue;
        json_open(&out);
        print_members(&out, p, &parcours_members[i], 1);
        json_close(&out);
        json_line(&out);
    }
    json_open(&out);
    print_list(&out, "open", p->open, RULES, sizeof(p->open[0]), LIST(deadline));
#define PRINT(vector, type) print_list(&out, #vector, p->vector.at, p->vector.n, sizeof(*p->vector.at), LIST(type))
    PRINT(steps, step);
    PRINT(jobs, job);
    PRINT(spans, span);
    PRINT(hours, hours);
    PRINT(evidence, evidence);
    PRINT(earlier_evidence, evidence);
    PRINT(offers, offer);
    PRINT(requests, request);
    PRINT(missed, missed);
    PRINT(reminders, reminder);
    PRINT(participations, participation);
    PRINT(criteria, criterion);
    PRINT(recommendations, recommendation);
    PRINT(to_sign, to_sign);
    PRINT(difficulties, difficulty);
    PRINT(marks, mark);
    PRINT(episodes, episode);
    PRINT(past, past);
    PRINT(tenures, tenure);
    PRINT(heeds, heed);
    json_close(&out);
    assert(!json_out_failed(&out));
    struct text text = arena_text(arena, out.at, out.bytes);
    json_out_free(&out);
    return text;
}
