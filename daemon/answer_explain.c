/* Why: the events and the rule behind the limit of a parcours, an alert, a refusal. */
#include <string.h>

#include "explain.h"

static void refuse_of(struct call *call, const char *why)
{
    call_refuse_parameter(call, "of", why);
}

/* ---- the limit ---- */
static void put_period(struct json_out *out, const char *kind, uint64_t seq, int32_t from, int32_t until)
{
    json_open(out);
    json_key(out, "event"), json_seq(out, seq);
    json_key(out, "kind"), json_string(out, kind);
    json_key(out, "started"), json_day(out, from);
    json_key(out, "ended"), json_day(out, until);
    json_close(out);
}

/* What parcours_limit_shown counts: consolidations, those that are open until today (shown without an end), and suspensions
 * where the rulebook knows them. */
static void put_periods(struct json_out *out, const struct parcours *p, const struct rulebook *book)
{
    bool suspensions = rule_applies(book, RULE_suspension) && book->rule[RULE_suspension].value.at[0] != 0;
    json_open_list(out);
    for (uint32_t i = 0; i < p->jobs.n; i++) {
        const struct job *j = &p->jobs.at[i];
        if (j->purpose == employment_purpose_consolidation && (j->ended_on != DAY_NONE || parcours_running(p)))
            put_period(out, "consolidation", j->began_seq, j->started_on, j->ended_on);
    }
    for (uint32_t i = 0; suspensions && i < p->spans.n; i++) {
        const struct span *s = &p->spans.at[i];
        if (s->kind == SPAN_suspension && s->ended_on != DAY_NONE)
            put_period(out, "suspension", s->seq, s->started_on, s->ended_on - 1);
    }
    json_close_list(out);
}

static int64_t months_of(const struct rulebook *book, enum rule_number r)
{
    return rule_applies(book, r) ? book->rule[r].value.at[0] : 0;
}

static const char *biting(const struct explaining *x, const struct shown_limit *limit)
{
    if (limit->bites || !parcours_running(x->p))
        return "";
    return x->call->french ? " ; elle ne joue pas tant que la consolidation dure, et le jour est celui qu'elle donnerait si elle finissait ce jour"
                           : "; it does not bite while the consolidation lasts, and the day is as if that ended on this day";
}

static void put_limit_sentence(const struct explaining *x, const struct shown_limit *limit)
{
    bool french = x->call->french;
    char start[DAY_TEXT_BYTES], end[DAY_TEXT_BYTES];
    if (limit->day == DAY_NONE) {
        json_string(x->call->out, french ? "Aucune limite : le parcours n'a pas commencé, ou aucune règle n'en donne."
                                         : "No limit: the parcours has not started, or no rule gives one.");
        return;
    }
    json_text(x->call->out, arena_print(x->call->arena, "%s %s + %d %s + %d × %d %s + %d %s = %s %s%s", french ? "Début le" : "Start on",
        day_print(x->p->start_on, start), (int)months_of(limit->book, RULE_parcours_length), french ? "mois" : "months", x->p->extensions,
        (int)months_of(limit->book, RULE_parcours_extension), french ? "mois de prolongation" : "months of extension", limit->uncounted_days,
        french ? "jours non comptés" : "uncounted days", day_print(limit->day, end), french ? "inclus" : "included", biting(x, limit)));
}

static void explain_limit(const struct explaining *x)
{
    struct json_out *out = x->call->out;
    struct shown_limit limit = parcours_limit_shown(x->p, x->call->books, x->today);
    json_open(out);
    json_key(out, "of"), json_string(out, "limit");
    json_key(out, "participant"), json_id(out, STREAM_participant, x->call->stream);
    json_key(out, "limit"), json_day(out, limit.day);
    json_key(out, "limit_bites"), json_bool(out, limit.bites);
    json_key(out, "start"), explain_event(x, x->p->start_seq);
    json_key(out, "started"), json_day(out, x->p->start_on);
    json_key(out, "months"), json_number(out, months_of(limit.book, RULE_parcours_length));
    json_key(out, "extension_months"), json_number(out, months_of(limit.book, RULE_parcours_extension));
    json_key(out, "extensions"), json_number(out, x->p->extensions);
    json_key(out, "uncounted_days"), json_number(out, limit.uncounted_days);
    json_key(out, "periods"), put_periods(out, x->p, limit.book);
    json_key(out, "rule"), rule_json(out, RULE_parcours_length, limit.book, x->call->french);
    json_key(out, "sentence"), put_limit_sentence(x, &limit);
    json_close(out);
}

/* ---- an alert: the one of that rule that is open ---- */
static void explain_open(const struct explaining *x, struct text name)
{
    int r = rule_named(name);
    if (r < 0) {
        refuse_of(x->call, "there is no such rule: GET /v1/rulebooks lists them");
        return;
    }
    const struct deadline *d = &x->p->open[r];
    struct alert a = alert_of_participant(x->p, r, d->due, d->since, d->due == DAY_NONE ? DAY_NONE : deadline_shown_on(d), d->cause);
    struct heed h = parcours_heed(x->p, r, d->since);
    explain_alert(x, arena_print(x->call->arena, "alert:%s", rules[r].name), &a, &h);
}

/* ---- a refusal, and what is allowed ---- */
static int32_t refusing_since(const struct parcours *p, int rule, const struct rulebook *book)
{
    if (p->open[rule].due != DAY_NONE)
        return deadline_shown_on(&p->open[rule]);
    int32_t limit = rule == RULE_parcours_length ? parcours_limit(p, book) : DAY_NONE;
    return limit == DAY_NONE ? DAY_NONE : limit + 1;
}

/* The members that say whether and why; of an object that is open. */
static void put_verdict(struct call *call, const struct parcours *p, const struct kind *kind, bool whole_rule)
{
    struct json_out *out = call->out;
    const struct rulebook *book = rulebook_on(call->books, call->today, UINT64_MAX);
    int rule;
    bool allowed = kind_allowed(p, kind, call->today, call->books, &rule);
    json_key(out, "command"), json_string(out, kind->command);
    json_key(out, "allowed"), json_bool(out, allowed);
    json_key(out, "why"), json_string(out, allowed ? NULL : rule >= 0 ? "rule" : "state");
    json_key(out, "sentence"), json_string(out, allowed ? NULL : rule >= 0 ? rule_sentence((enum rule_number)rule, call->french) :
                                                refusal_sentence(REFUSED_state, call->french));
    json_key(out, "rule");
    if (rule < 0)
        json_null(out);
    else if (whole_rule)
        rule_json(out, (enum rule_number)rule, book, call->french);
    else
        json_string(out, rules[rule].name);
    json_key(out, "since"), json_day(out, rule < 0 ? DAY_NONE : refusing_since(p, rule, book));
    json_key(out, "states"), states_json(out, kind->states & ~IN(nobody));
}

static void explain_refusal(const struct explaining *x, struct text command)
{
    struct json_out *out = x->call->out;
    const struct kind *kind = kind_commanded(command);
    if (!kind || kind->stream != STREAM_participant) {
        refuse_of(x->call, "there is no such command about a participant: GET /v1/commands lists them");
        return;
    }
    json_open(out);
    json_key(out, "of"), json_text(out, arena_print(x->call->arena, "refusal:%s", kind->command));
    json_key(out, "participant"), json_id(out, STREAM_participant, x->call->stream);
    json_key(out, "state"), json_string(out, state_name(x->p->state));
    json_key(out, "nature"), json_string(out, kind->nature == ACT ? "act" : kind->nature == FACT ? "fact" : "meta");
    json_key(out, "state_sentence"), json_string(out, state_sentence(x->p->state, x->call->french));
    put_verdict(x->call, x->p, kind, true);
    json_key(out, "states_sentence"), json_text(out, states_words(x->call->arena, kind->states & ~IN(nobody), x->call->french));
    json_close(out);
}

void answer_explain(struct call *call)
{
    struct moment m;
    struct text of = TEXT("limit"), rest;
    struct explaining x = { .call = call };
    if (!call_text(call, "of", &of) || !call_moment(call, &m) || !call_look(call))
        return;
    x.p = call_fold(call, call->stream, m.as_of, m.known_at, false, &x.events, &x.count);
    if (!x.p)
        return;
    x.today = m.as_of == INT32_MAX ? call->today : m.as_of;
    x.known_at = m.known_at;
    if (text_is(of, "limit"))
        explain_limit(&x);
    else if (explained_cut(of, "alert:", &rest))
        explain_open(&x, rest);
    else if (explained_cut(of, "refusal:", &rest))
        explain_refusal(&x, rest);
    else
        refuse_of(call, "limit, alert:RULE or refusal:COMMAND is expected");
}

void answer_allowed(struct call *call)
{
    struct moment m;
    const struct parcours *p;
    struct json_out *out = call->out;
    if (!call_moment(call, &m) || !call_look(call) || !(p = call_fold(call, call->stream, m.as_of, m.known_at, false, NULL, NULL)))
        return;
    json_open(out);
    json_key(out, "participant"), json_id(out, STREAM_participant, call->stream);
    json_key(out, "state"), json_string(out, state_name(p->state));
    json_key(out, "state_sentence"), json_string(out, state_sentence(p->state, call->french));
    json_key(out, "commands"), json_open_list(out);
    for (unsigned i = 0; i < catalogue_count(); i++) {
        if (catalogue_at(i)->stream != STREAM_participant)
            continue;
        json_open(out);
        put_verdict(call, p, catalogue_at(i), false);
        json_close(out);
    }
    json_close_list(out);
    json_close(out);
}
